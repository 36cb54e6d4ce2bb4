//! `/proc/PID/stat` (proc(5)).

/// The fields behind the name, in which spaces and parentheses may be: the first is the state, which proc(5) counts as the third.
pub(crate) fn behind_name(stat: &str) -> Vec<&str> {
    stat.rsplit_once(')').map_or(Vec::new(), |(_, fields)| fields.split_whitespace().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_field() {
        assert_eq!(behind_name("7 (a) b) S 1 2\n"), ["S", "1", "2"]);
        assert!(behind_name("").is_empty());
    }
}
