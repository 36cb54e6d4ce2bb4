//! GDB/MI output records ("GDB/MI Output Syntax" in gdb's manual): one line in, one [`Record`] out.

use std::fmt;

/// One line of gdb's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// `12^done,...`: the answer to the command with that token.
    Result {
        /// The number the command was sent with.
        token: Option<u64>,
        /// `done`, `running`, `connected`, `error`, `exit`.
        class: String,
        /// What came with it.
        results: Results,
    },
    /// `*stopped,...`, `+download,...`, `=thread-group-added,...`: something happened.
    Async {
        /// The number of the command that caused it; gdb never sends one today.
        token: Option<u64>,
        /// Which of the three kinds.
        kind: AsyncKind,
        /// `stopped`, `running`, `breakpoint-created`, …
        class: String,
        /// What came with it.
        results: Results,
    },
    /// `~"..."`, `@"..."`, `&"..."`: text for a person.
    Stream {
        /// Which of the three streams.
        kind: StreamKind,
        /// The text, escapes undone.
        text: String,
    },
    /// `(gdb)`: ready for a command.
    Prompt,
}

/// The kinds of [`Record::Async`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsyncKind {
    /// `*`: the target's state changed.
    Exec,
    /// `+`: progress.
    Status,
    /// `=`: something else that a front end may show.
    Notify,
}

/// The kinds of [`Record::Stream`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamKind {
    /// `~`: what the console would show.
    Console,
    /// `@`: the target's own output.
    Target,
    /// `&`: gdb's log: errors and echoes.
    Log,
}

/// `name=value` pairs in their order; names may repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results(pub Vec<(String, Value)>);

/// What may stand behind a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `"text"`.
    Text(String),
    /// `{a="1",b="2"}`.
    Tuple(Results),
    /// `["1","2"]`.
    List(Vec<Value>),
    /// `[a="1",a="2"]`.
    Pairs(Results),
}

/// Why a line is not a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: expected {expected}")]
pub struct ParseError {
    /// Byte position in the line, from 1.
    pub column: usize,
    /// What would have been right there.
    pub expected: &'static str,
}

impl Record {
    /// Reads one line (without its newline).
    pub fn parse(line: &str) -> Result<Record, ParseError> {
        let mut parser = Parser { bytes: line.as_bytes(), at: 0, depth: 0 };
        let record = parser.record()?;
        if parser.at == parser.bytes.len() { Ok(record) } else { Err(parser.error("the end of the line")) }
    }
}

impl Results {
    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The first value of that name, if it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    /// The first value of that name, if it is a tuple.
    pub fn tuple(&self, name: &str) -> Option<&Results> {
        self.get(name)?.as_tuple()
    }

    /// The items of the list of that name, whether they carry names or not.
    pub fn items(&self, name: &str) -> Vec<&Value> {
        match self.get(name) {
            Some(Value::List(items)) => items.iter().collect(),
            Some(Value::Pairs(pairs)) => pairs.0.iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The tuple, if it is one.
    pub fn as_tuple(&self) -> Option<&Results> {
        match self {
            Value::Tuple(results) => Some(results),
            _ => None,
        }
    }
}

/// Deeper nesting than gdb ever sends is refused, so that a hostile line cannot exhaust the stack.
const MAX_DEPTH: usize = 64;

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn record(&mut self) -> Result<Record, ParseError> {
        if matches!(self.bytes, b"(gdb)" | b"(gdb) ") {
            self.at = self.bytes.len();
            return Ok(Record::Prompt);
        }
        let token = self.token()?;
        let kind = self.peek();
        self.at += 1;
        let stream = |kind, text| Ok(Record::Stream { kind, text });
        match kind {
            Some(b'^') => {
                let (class, results) = self.class_and_results()?;
                Ok(Record::Result { token, class, results })
            }
            Some(sign @ (b'*' | b'+' | b'=')) => {
                let kind = match sign {
                    b'*' => AsyncKind::Exec,
                    b'+' => AsyncKind::Status,
                    _ => AsyncKind::Notify,
                };
                let (class, results) = self.class_and_results()?;
                Ok(Record::Async { token, kind, class, results })
            }
            Some(b'~') if token.is_none() => stream(StreamKind::Console, self.text()?),
            Some(b'@') if token.is_none() => stream(StreamKind::Target, self.text()?),
            Some(b'&') if token.is_none() => stream(StreamKind::Log, self.text()?),
            _ => {
                self.at -= 1;
                Err(self.error("a record"))
            }
        }
    }

    fn token(&mut self) -> Result<Option<u64>, ParseError> {
        let mut token: Option<u64> = None;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let next =
                token.unwrap_or(0).checked_mul(10).and_then(|t| t.checked_add(u64::from(digit - b'0')));
            token = Some(next.ok_or_else(|| self.error("a token below 2^64"))?);
            self.at += 1;
        }
        Ok(token)
    }

    fn class_and_results(&mut self) -> Result<(String, Results), ParseError> {
        let class = self.name()?;
        let mut pairs = Vec::new();
        while self.accept(b',') {
            pairs.push(self.pair()?);
        }
        Ok((class, Results(pairs)))
    }

    fn pair(&mut self) -> Result<(String, Value), ParseError> {
        let name = self.name()?;
        self.expect(b'=', "'='")?;
        Ok((name, self.value()?))
    }

    fn value(&mut self) -> Result<Value, ParseError> {
        match self.peek() {
            Some(b'"') => Ok(Value::Text(self.text()?)),
            Some(b'{') => self.nested(|parser| Ok(Value::Tuple(Results(parser.until(b'}', Self::pair)?)))),
            Some(b'[') => self.nested(|parser| match parser.peek() {
                Some(b'"' | b'{' | b'[' | b']') => Ok(Value::List(parser.until(b']', Self::value)?)),
                _ => Ok(Value::Pairs(Results(parser.until(b']', Self::pair)?))),
            }),
            _ => Err(self.error("a value")),
        }
    }

    fn nested(
        &mut self,
        inner: impl Fn(&mut Self) -> Result<Value, ParseError>,
    ) -> Result<Value, ParseError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error("less nesting"));
        }
        self.depth += 1;
        self.at += 1;
        let value = inner(self)?;
        self.depth -= 1;
        Ok(value)
    }

    /// Items with commas between them, up to and with the closing bracket.
    fn until<T>(
        &mut self,
        close: u8,
        item: impl Fn(&mut Self) -> Result<T, ParseError>,
    ) -> Result<Vec<T>, ParseError> {
        let mut items = Vec::new();
        if self.accept(close) {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if self.accept(close) {
                return Ok(items);
            }
            self.expect(b',', "',' or the closing bracket")?;
        }
    }

    fn name(&mut self) -> Result<String, ParseError> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            self.at += 1;
        }
        if start == self.at {
            return Err(self.error("a name"));
        }
        Ok(String::from_utf8_lossy(&self.bytes[start..self.at]).into_owned())
    }

    /// A C string. gdb writes bytes that are not printable ASCII as three octal digits.
    fn text(&mut self) -> Result<String, ParseError> {
        self.expect(b'"', "'\"'")?;
        let mut text = Vec::new();
        loop {
            let byte = self.peek().ok_or_else(|| self.error("'\"'"))?;
            self.at += 1;
            match byte {
                b'"' => return Ok(String::from_utf8_lossy(&text).into_owned()),
                b'\\' => text.push(self.escape()?),
                plain => text.push(plain),
            }
        }
    }

    fn escape(&mut self) -> Result<u8, ParseError> {
        let byte = self.peek().ok_or_else(|| self.error("an escape"))?;
        self.at += 1;
        Ok(match byte {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'v' => 11,
            b'e' => 27,
            b'0'..=b'7' => {
                let mut octal = byte - b'0';
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    octal = octal.wrapping_mul(8) | (digit - b'0');
                    self.at += 1;
                }
                octal
            }
            other => other,
        })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn accept(&mut self, byte: u8) -> bool {
        let here = self.peek() == Some(byte);
        self.at += usize::from(here);
        here
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), ParseError> {
        if self.accept(byte) { Ok(()) } else { Err(self.error(expected)) }
    }

    fn error(&self, expected: &'static str) -> ParseError {
        ParseError { column: self.at + 1, expected }
    }
}

/// Text as a C string, the way gdb writes it and reads it in commands.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' => quoted.push_str("\\\""),
            b'\\' => quoted.push_str("\\\\"),
            b'\n' => quoted.push_str("\\n"),
            b'\t' => quoted.push_str("\\t"),
            b' '..=b'~' => quoted.push(char::from(byte)),
            other => quoted.push_str(&format!("\\{other:03o}")),
        }
    }
    quoted.push('"');
    quoted
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with_results =
            |f: &mut fmt::Formatter<'_>, token: &Option<u64>, sign, class, results: &Results| {
                if let Some(token) = token {
                    write!(f, "{token}")?;
                }
                let comma = if results.0.is_empty() { "" } else { "," };
                write!(f, "{sign}{class}{comma}{results}")
            };
        match self {
            Record::Result { token, class, results } => with_results(f, token, '^', class, results),
            Record::Async { token, kind, class, results } => {
                let sign = match kind {
                    AsyncKind::Exec => '*',
                    AsyncKind::Status => '+',
                    AsyncKind::Notify => '=',
                };
                with_results(f, token, sign, class, results)
            }
            Record::Stream { kind, text } => {
                let sign = match kind {
                    StreamKind::Console => '~',
                    StreamKind::Target => '@',
                    StreamKind::Log => '&',
                };
                write!(f, "{sign}{}", quote(text))
            }
            Record::Prompt => f.write_str("(gdb) "),
        }
    }
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(f, "{comma}{name}={value}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(&quote(text)),
            Value::Tuple(results) => write!(f, "{{{results}}}"),
            Value::Pairs(results) => write!(f, "[{results}]"),
            Value::List(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    let comma = if i == 0 { "" } else { "," };
                    write!(f, "{comma}{item}")?;
                }
                f.write_str("]")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_a_stop() {
        let line = r#"*stopped,reason="breakpoint-hit",disp="keep",bkptno="1",frame={addr="0x10478",func="main",args=[],file="a.c",line="7"},thread-id="1",stopped-threads="all""#;
        let Ok(Record::Async { kind: AsyncKind::Exec, class, results, .. }) = Record::parse(line) else {
            panic!("not a stop");
        };
        assert_eq!(class, "stopped");
        assert_eq!(results.text("reason"), Some("breakpoint-hit"));
        assert_eq!(results.tuple("frame").and_then(|frame| frame.text("func")), Some("main"));
    }

    #[test]
    fn reads_streams_and_results() {
        assert_eq!(
            Record::parse(r#"~"a\tb\n\303\251\"""#),
            Ok(Record::Stream { kind: StreamKind::Console, text: "a\tb\né\"".into() })
        );
        let Ok(Record::Result { token, class, results }) =
            Record::parse(r#"7^done,stack=[frame={level="0"},frame={level="1"}]"#)
        else {
            panic!("not a result");
        };
        assert_eq!((token, class.as_str()), (Some(7), "done"));
        assert_eq!(results.items("stack").len(), 2);
    }

    #[test]
    fn says_where_a_line_goes_wrong() {
        assert_eq!(Record::parse("^done,a"), Err(ParseError { column: 8, expected: "'='" }));
        assert_eq!(Record::parse("hello"), Err(ParseError { column: 1, expected: "a record" }));
        assert!(Record::parse(&format!("^done,a={}", "[".repeat(100_000))).is_err());
    }

    fn name() -> impl Strategy<Value = String> {
        "[a-z][a-z0-9_-]{0,8}"
    }

    fn value() -> impl Strategy<Value = Value> {
        any::<String>().prop_map(Value::Text).prop_recursive(4, 24, 4, |inner| {
            let pairs = || prop::collection::vec((name(), inner.clone()), 1..4).prop_map(Results);
            prop_oneof![
                pairs().prop_map(Value::Tuple),
                pairs().prop_map(Value::Pairs),
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            ]
        })
    }

    fn record() -> impl Strategy<Value = Record> {
        let results = || prop::collection::vec((name(), value()), 0..4).prop_map(Results);
        let kind = prop_oneof![Just(AsyncKind::Exec), Just(AsyncKind::Status), Just(AsyncKind::Notify)];
        let stream = prop_oneof![Just(StreamKind::Console), Just(StreamKind::Target), Just(StreamKind::Log)];
        prop_oneof![
            (any::<Option<u64>>(), name(), results()).prop_map(|(token, class, results)| Record::Result {
                token,
                class,
                results
            }),
            (any::<Option<u64>>(), kind, name(), results())
                .prop_map(|(token, kind, class, results)| Record::Async { token, kind, class, results }),
            (stream, any::<String>()).prop_map(|(kind, text)| Record::Stream { kind, text }),
            Just(Record::Prompt),
        ]
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(record in record()) {
            prop_assert_eq!(Record::parse(&record.to_string()), Ok(record));
        }

        #[test]
        fn never_panics(line in any::<String>(), cut in r#"[0-9]{0,3}[\^*+=~@&][a-z]{0,4}[,={}\[\]"\\a-z0-9]{0,40}"#) {
            let _ = Record::parse(&line);
            let _ = Record::parse(&cut);
        }
    }
}
