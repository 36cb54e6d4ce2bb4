//! Arguments as one text, in which quotes and backslashes have the meaning that they have to a shell.

/// The words of a text; blanks separate them.
pub(crate) fn split(text: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (None, b' ' | b'\t' | b'\n') => words.extend(word.take()),
            (None, b'\'' | b'"') => {
                quote = Some(byte);
                word.get_or_insert_default();
            }
            (Some(open), _) if open == byte => quote = None,
            // Nothing has a meaning between single quotes.
            (None | Some(b'"'), b'\\') => match bytes.next() {
                Some(b'\n') => {}
                // Before most bytes it has none between double quotes.
                Some(next) if quote.is_some() && !b"$`\"\\".contains(&next) => {
                    word.get_or_insert_default().extend([byte, next]);
                }
                next => word.get_or_insert_default().extend(next),
            },
            _ => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    words
}

/// The text that a shell splits into these words.
pub(crate) fn join(words: &[Vec<u8>]) -> Vec<u8> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./:=,+@%".contains(byte);
    let spelled = |word: &Vec<u8>| match !word.is_empty() && word.iter().all(is_plain) {
        true => word.clone(),
        false => quoted(word),
    };
    words.iter().map(spelled).collect::<Vec<_>>().join(&b' ')
}

/// A word in quotes, which every shell takes as it is.
pub fn quoted(word: &[u8]) -> Vec<u8> {
    let mut out = vec![b'\''];
    for byte in word {
        match byte {
            b'\'' => out.extend(b"'\\''"),
            _ => out.push(*byte),
        }
    }
    out.push(b'\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_is_split_as_gdb_splits_it() {
        let words = |text: &str| -> Vec<String> {
            split(text.as_bytes()).into_iter().map(|word| String::from_utf8(word).unwrap()).collect()
        };
        assert_eq!(words(" a  'b c' \"d e\" f\\ g "), ["a", "b c", "d e", "f g"]);
        assert_eq!(words("'' x\"\"y \"a\\\"b\" 'a\\b' $HOME *"), ["", "xy", "a\"b", "a\\b", "$HOME", "*"]);
        assert_eq!(words(r#""\&" "\$" "\`" "\\" \& \\"#), [r"\&", "$", "`", r"\", "&", r"\"]);
        assert_eq!(words("a\\\nb \"c\\\nd\""), ["ab", "cd"]);
        assert!(words("  ").is_empty());
    }

    #[test]
    fn plain_words_stay_as_they_are() {
        assert_eq!(
            join(&[b"-l".to_vec(), b"a b".to_vec(), Vec::new(), b"it's".to_vec()]),
            b"-l 'a b' '' 'it'\\''s'"
        );
    }

    proptest! {
        #[test]
        fn what_was_joined_is_split_again(words: Vec<Vec<u8>>) {
            prop_assert_eq!(split(&join(&words)), words);
        }
    }
}
