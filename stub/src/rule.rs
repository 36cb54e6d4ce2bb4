//! What is decided at a breakpoint in the process itself, without a word to gdb: whether its conditions hold, and which commands are
//! run instead of a stop (gdb manual, `Z0`: "cond_list", "cmds").

use serde::{Deserialize, Serialize};

use crate::expression::{Expression, Machine, Malformed};
use crate::hex;

/// A breakpoint's conditions and commands, as bytecode. The default stops always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleText {
    /// One that holds is enough; none at all holds.
    pub conditions: Vec<Vec<u8>>,
    /// What is done instead of a stop.
    pub commands: Vec<Vec<u8>>,
}

/// The same, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    conditions: Vec<Expression>,
    commands: Vec<Expression>,
}

/// What a thread that came to a breakpoint does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It stops.
    Stop,
    /// It goes on.
    Pass,
}

impl RuleText {
    /// Reads what follows a breakpoint's address and kind in its packet.
    ///
    /// ```text
    /// ;X9,260005164022071327X3,220127;cmds:0,X5,2200220027
    /// ```
    pub fn parse(text: &[u8]) -> Option<RuleText> {
        let mut rule = RuleText::default();
        for part in text.split(|byte| *byte == b';').filter(|part| !part.is_empty()) {
            match part.strip_prefix(b"cmds:") {
                None => rule.conditions.extend(expressions(part)?),
                Some(commands) => {
                    // Whether they stay when gdb leaves: nothing of ours does.
                    let at = commands.iter().position(|byte| *byte == b',')?;
                    hex::number(&commands[..at])?;
                    rule.commands.extend(expressions(&commands[at + 1..])?);
                }
            }
        }
        Some(rule)
    }
}

/// `X` length `,` digits, any number of times.
fn expressions(mut text: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut found = Vec::new();
    while let [b'X', rest @ ..] = text {
        let comma = rest.iter().position(|byte| *byte == b',')?;
        let len = usize::try_from(hex::number(&rest[..comma])?).ok()?.checked_mul(2)?;
        found.push(hex::decode(rest[comma + 1..].get(..len)?)?);
        text = &rest[comma + 1 + len..];
    }
    text.is_empty().then_some(found)
}

impl Rule {
    /// Whether everybody stops who comes to it.
    pub fn is_plain(&self) -> bool {
        self.conditions.is_empty() && self.commands.is_empty()
    }

    /// Decodes bytecode.
    ///
    /// # Errors
    /// Some of it is malformed.
    pub fn decode(text: &RuleText) -> Result<Rule, Malformed> {
        let decode = |list: &[Vec<u8>]| -> Result<Vec<_>, _> {
            list.iter().map(|bytes| Expression::decode(bytes)).collect()
        };
        Ok(Rule { conditions: decode(&text.conditions)?, commands: decode(&text.commands)? })
    }

    /// Decides for a thread that is here. What cannot be evaluated stops, so that the user sees it.
    pub fn decide(&self, machine: &mut impl Machine) -> Decision {
        let holds = |expression: &Expression| match expression.evaluate(machine) {
            Ok(value) => value != 0,
            Err(fault) => {
                log::warn!("a breakpoint's condition: {fault}");
                true
            }
        };
        if !self.conditions.is_empty() && !self.conditions.iter().any(holds) {
            return Decision::Pass;
        }
        if self.commands.is_empty() {
            return Decision::Stop;
        }
        for command in &self.commands {
            if let Err(fault) = command.evaluate(machine) {
                log::warn!("a breakpoint's command: {fault}");
                return Decision::Stop;
            }
        }
        Decision::Pass
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every register is 7.
    #[derive(Default)]
    struct Sevens(Vec<u8>);

    impl Machine for Sevens {
        fn register(&mut self, _: u16) -> Option<u64> {
            Some(7)
        }
        fn read(&mut self, _: u64, _: &mut [u8]) -> bool {
            false
        }
        fn print(&mut self, text: &[u8]) {
            self.0.extend_from_slice(text);
        }
    }

    fn decide(text: &str) -> (Decision, String) {
        let mut machine = Sevens::default();
        let rule = Rule::decode(&RuleText::parse(text.as_bytes()).unwrap()).unwrap();
        let decision = rule.decide(&mut machine);
        (decision, String::from_utf8(machine.0).unwrap())
    }

    #[test]
    fn samples() {
        let silent = |text| decide(text).0;
        assert_eq!(silent(""), Decision::Stop);
        assert_eq!(silent(";X3,220127"), Decision::Stop);
        assert_eq!(silent(";X3,220027"), Decision::Pass);
        assert_eq!(silent(";X3,220027X3,220127"), Decision::Stop);
        // Register 10 against 7 and 8.
        assert_eq!(silent(";X9,26000a164022071327"), Decision::Stop);
        assert_eq!(silent(";X9,26000a164022081327"), Decision::Pass);
        // What cannot be read stops.
        assert_eq!(silent(";X4,22001727"), Decision::Stop);
        let print = ";cmds:0,Xc,220022003400000368690027";
        assert_eq!(decide(print), (Decision::Pass, "hi".to_owned()));
        assert_eq!(decide(&format!(";X3,220027{print}")), (Decision::Pass, String::new()));
        for wrong in [
            ";Y",
            ";X",
            ";X3",
            ";X3,2201",
            ";X3,22012",
            ";X3,2201zz",
            ";X3,220127;cmds:",
            ";cmds:1;X3,220127",
        ] {
            assert_eq!(RuleText::parse(wrong.as_bytes()), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "[;X0-9a-f,cmds:]{0,40}") {
            if let Some(text) = RuleText::parse(text.as_bytes())
                && let Ok(rule) = Rule::decode(&text)
            {
                rule.decide(&mut Sevens::default());
            }
        }
    }
}
