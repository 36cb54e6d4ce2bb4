//! Tracing in the process: what a thread does that comes to a tracepoint, or that has made a step after one.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::expression::{Expression, Fault, Machine, Malformed};

use super::block::Writer;
use super::{Action, Count, Halt, Place, Plan, Report, TIMESTAMP, Tracepoint, now};

/// The most of it that is kept here before it is told.
const MOST: usize = 32 << 10;
/// The longest piece of frames in a report.
const PIECE: usize = 96 << 10;
/// The most memory that one action collects: more would not fit into any buffer that is useful.
const LONGEST: u64 = 16 << 20;

/// A thread that is being stepped after a tracepoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stepping {
    /// After which.
    place: Place,
    /// How many steps there are to come.
    left: u64,
}

/// The tracing of a process.
#[derive(Debug, Default)]
pub struct Tracer {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    running: bool,
    points: Vec<Live>,
    variables: BTreeMap<u32, u64>,
    has_clock: bool,
    /// Bytes collected, and how many there is room for.
    used: u64,
    room: u64,
    circular: bool,
    /// Frames that were not told yet.
    pending: Vec<u8>,
    /// Why it has ended, if that was not told yet.
    halt: Option<Halt>,
}

#[derive(Debug)]
struct Live {
    place: Place,
    enabled: bool,
    steps: u64,
    passes: u64,
    condition: Option<Expression>,
    actions: Vec<Collect>,
    step_actions: Vec<Collect>,
    count: Count,
}

#[derive(Debug)]
enum Collect {
    Registers,
    Memory { base: Option<u16>, offset: u64, len: u64 },
    Expression(Expression),
}

impl Live {
    fn new(point: &Tracepoint) -> Result<Live, Malformed> {
        let decode = |actions: &[Action]| -> Result<Vec<Collect>, Malformed> {
            let decoded = actions.iter().map(|action| {
                Ok(match action {
                    Action::Registers => Collect::Registers,
                    Action::Memory { base, offset, len } => {
                        Collect::Memory { base: *base, offset: *offset, len: *len }
                    }
                    Action::Expression(bytes) => Collect::Expression(Expression::decode(bytes)?),
                })
            });
            decoded.collect()
        };
        Ok(Live {
            place: point.place,
            enabled: point.enabled,
            steps: point.steps,
            passes: point.passes,
            condition: point.condition.as_deref().map(Expression::decode).transpose()?,
            actions: decode(&point.actions)?,
            step_actions: decode(&point.step_actions)?,
            count: Count::default(),
        })
    }
}

/// The thread that collects, with the frame that it collects into.
struct Collecting<'a, M> {
    machine: &'a mut M,
    variables: &'a mut BTreeMap<u32, u64>,
    has_clock: bool,
    frame: Writer,
    /// How long the frame may get.
    most: u64,
}

impl<M: Machine> Collecting<'_, M> {
    fn act(&mut self, action: &Collect) -> Result<(), Fault> {
        match action {
            Collect::Registers => self.frame.registers(&self.machine.registers()),
            Collect::Memory { base, offset, len } => {
                let base = match base {
                    Some(number) => self.machine.register(*number).ok_or(Fault::Register(*number))?,
                    None => 0,
                };
                self.collect(base.wrapping_add(*offset), *len);
            }
            Collect::Expression(expression) => {
                expression.evaluate(self)?;
            }
        }
        Ok(())
    }
}

impl<M: Machine> Machine for Collecting<'_, M> {
    fn register(&mut self, number: u16) -> Option<u64> {
        self.machine.register(number)
    }

    fn registers(&mut self) -> Vec<u8> {
        self.machine.registers()
    }

    fn read(&mut self, addr: u64, bytes: &mut [u8]) -> bool {
        self.machine.read(addr, bytes)
    }

    fn print(&mut self, text: &[u8]) {
        self.machine.print(text);
    }

    fn variable(&mut self, number: u16) -> Option<u64> {
        let number = u32::from(number);
        if self.has_clock && number == TIMESTAMP { Some(now()) } else { self.variables.get(&number).copied() }
    }

    fn set_variable(&mut self, number: u16, value: u64) -> bool {
        self.variables.get_mut(&number.into()).map(|variable| *variable = value).is_some()
    }

    /// As much of it as is there.
    fn collect(&mut self, addr: u64, len: u64) -> bool {
        // What would not fit is not read: it would be thrown away.
        let room = self.most.saturating_sub(self.frame.len() as u64).min(LONGEST);
        let mut bytes = vec![0; len.min(room) as usize];
        let whole = self.machine.read(addr, &mut bytes);
        if !whole {
            const PAGE: u64 = 4096;
            let mut done = 0;
            while done < bytes.len() {
                let at = addr.wrapping_add(done as u64);
                let end = bytes.len().min(done + (PAGE - at % PAGE) as usize);
                if !self.machine.read(at, &mut bytes[done..end]) {
                    break;
                }
                done = end;
            }
            bytes.truncate(done);
        }
        self.frame.memory(addr, &bytes);
        whole && len <= room
    }

    fn collect_variable(&mut self, number: u16) {
        if let Some(value) = self.variable(number) {
            self.frame.variable(number.into(), value);
        }
    }
}

impl Tracer {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins; what was collected before is forgotten. Returns the addresses of the tracepoints.
    ///
    /// # Errors
    /// Some bytecode is malformed.
    pub fn start(&self, plan: &Plan) -> Result<Vec<u64>, Malformed> {
        let points = plan.points.iter().map(Live::new).collect::<Result<Vec<_>, _>>()?;
        let mut state = self.lock();
        *state = State {
            running: true,
            points,
            variables: plan.variables.clone(),
            has_clock: plan.has_clock,
            room: plan.room,
            circular: plan.circular,
            ..State::default()
        };
        Ok(state.addresses())
    }

    /// Another tracepoint while it runs; the addresses of all.
    ///
    /// # Errors
    /// Some bytecode is malformed.
    pub fn add(&self, point: &Tracepoint) -> Result<Vec<u64>, Malformed> {
        let live = Live::new(point)?;
        let mut state = self.lock();
        state.points.push(live);
        Ok(state.addresses())
    }

    /// Lets a tracepoint collect, or not.
    pub fn enable(&self, place: Place, enabled: bool) {
        for point in self.lock().points.iter_mut().filter(|point| point.place == place) {
            point.enabled = enabled;
        }
    }

    /// Ends, for this reason, if it has not ended already; whether that is so.
    pub fn halt(&self, why: Halt) -> bool {
        let mut state = self.lock();
        let running = state.running;
        if running {
            state.halt(why);
        }
        running
    }

    /// A thread has come to this address. Adds the steps that it has to make; returns whether there is something to tell.
    pub fn arrive(&self, addr: u64, machine: &mut impl Machine, steppings: &mut Vec<Stepping>) -> bool {
        let mut state = self.lock();
        for index in 0..state.points.len() {
            let point = &state.points[index];
            if state.running && point.enabled && point.place.addr == addr {
                let (place, steps) = (point.place, point.steps);
                if state.hit(index, machine) && steps > 0 {
                    steppings.push(Stepping { place, left: steps });
                }
            }
        }
        state.has_much()
    }

    /// A thread has made a step after tracepoints; returns whether there is something to tell.
    pub fn stepped(&self, machine: &mut impl Machine, steppings: &mut Vec<Stepping>) -> bool {
        let mut state = self.lock();
        steppings.retain_mut(|stepping| {
            stepping.left -= 1;
            let index = state.points.iter().position(|point| point.place == stepping.place);
            let Some(index) = index.filter(|_| state.running) else { return false };
            state.collect(index, true, machine);
            if stepping.left == 0 {
                state.passed(index);
            }
            state.running && stepping.left > 0
        });
        state.has_much()
    }

    /// What there is to tell. More than one piece may be: the last one says why it has ended.
    pub fn report(&self) -> Vec<Report> {
        let mut state = self.lock();
        let pending = std::mem::take(&mut state.pending);
        let halt = state.halt.take();
        let counts: Vec<(Place, Count)> =
            state.points.iter().map(|point| (point.place, point.count)).collect();
        let report = |frames: &[u8]| Report {
            frames: frames.to_vec(),
            variables: state.variables.clone(),
            counts: counts.clone(),
            halt: None,
        };
        let mut reports: Vec<Report> = pending.chunks(PIECE).map(report).collect();
        if reports.is_empty() {
            reports.push(report(&[]));
        }
        if let Some(last) = reports.last_mut() {
            last.halt = halt;
        }
        reports
    }
}

impl State {
    fn addresses(&self) -> Vec<u64> {
        self.points.iter().map(|point| point.place.addr).collect()
    }

    fn has_much(&self) -> bool {
        self.pending.len() >= MOST || self.halt.is_some()
    }

    fn halt(&mut self, why: Halt) {
        self.running = false;
        self.halt = Some(why);
    }

    /// Collects at a tracepoint if its condition holds; whether it has.
    fn hit(&mut self, index: usize, machine: &mut impl Machine) -> bool {
        let State { points, variables, has_clock, .. } = self;
        let (point, has_clock) = (&points[index], *has_clock);
        if let Some(condition) = &point.condition {
            let frame = Writer::new(point.place.number);
            match condition.evaluate(&mut Collecting { machine, variables, has_clock, frame, most: 0 }) {
                Ok(0) => return false,
                Ok(_) => {}
                Err(fault) => {
                    let number = point.place.number;
                    self.halt(Halt::Error(fault.to_string(), number));
                    return false;
                }
            }
        }
        self.points[index].count.hits += 1;
        self.collect(index, false, machine);
        if self.points[index].steps == 0 {
            self.passed(index);
        }
        self.running
    }

    /// All that belongs to a pass has been collected.
    fn passed(&mut self, index: usize) {
        let point = &self.points[index];
        if self.running && point.passes > 0 && point.count.hits >= point.passes {
            self.halt(Halt::Passes(point.place.number));
        }
    }

    fn collect(&mut self, index: usize, is_step: bool, machine: &mut impl Machine) {
        let most = if self.circular { self.room } else { self.room - self.used };
        let State { points, variables, has_clock, .. } = self;
        let (point, has_clock) = (&points[index], *has_clock);
        let number = point.place.number;
        let mut collecting = Collecting { machine, variables, has_clock, frame: Writer::new(number), most };
        let actions = if is_step { &point.step_actions } else { &point.actions };
        let mut fault = None;
        for action in actions {
            if let Err(what) = collecting.act(action) {
                fault = Some(what);
                break;
            }
            if collecting.frame.len() as u64 >= most {
                break;
            }
        }
        let frame = collecting.frame.finish();
        if frame.len() as u64 > most {
            return self.halt(Halt::Full);
        }
        self.points[index].count.bytes += frame.len() as u64;
        self.used += frame.len() as u64;
        self.pending.extend(frame);
        if let Some(fault) = fault {
            self.halt(Halt::Error(fault.to_string(), number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::buffer::Buffer;
    use super::*;

    /// Every register is 7; there is memory from 0x1000 to 0x2000.
    struct Sevens;

    impl Machine for Sevens {
        fn register(&mut self, _: u16) -> Option<u64> {
            Some(7)
        }
        fn registers(&mut self) -> Vec<u8> {
            vec![7; 8]
        }
        fn read(&mut self, addr: u64, bytes: &mut [u8]) -> bool {
            bytes.fill(addr as u8);
            (0x1000..0x2000).contains(&addr) && addr + bytes.len() as u64 <= 0x2000
        }
        fn print(&mut self, _: &[u8]) {}
    }

    fn point(number: u32, actions: Vec<Action>) -> Tracepoint {
        Tracepoint {
            place: Place { number, addr: 0x100 },
            enabled: true,
            steps: 0,
            passes: 0,
            condition: None,
            actions,
            step_actions: vec![Action::Registers],
        }
    }

    fn plan(points: Vec<Tracepoint>) -> Plan {
        let variables = [(2, 10)].into();
        Plan { points, variables, has_clock: false, room: 1000, circular: false }
    }

    fn arrive(tracer: &Tracer) -> Vec<Stepping> {
        let mut steppings = Vec::new();
        tracer.arrive(0x100, &mut Sevens, &mut steppings);
        steppings
    }

    fn told(tracer: &Tracer) -> (Buffer, Report) {
        let mut buffer = Buffer::default();
        let reports = tracer.report();
        reports.iter().for_each(|report| buffer.extend(&report.frames));
        (buffer, reports.into_iter().next_back().unwrap())
    }

    fn memory(addr: u64, len: u64) -> Action {
        Action::Memory { base: None, offset: addr, len }
    }

    #[test]
    fn what_is_asked_for_is_collected() {
        let tracer = Tracer::default();
        // $2 = $2 + 1, and collect it.
        let counts =
            Action::Expression(vec![0x2c, 0, 2, 0x22, 1, 0x02, 0x2d, 0, 2, 0x2e, 0, 2, 0x22, 0, 0x27]);
        let relative = Action::Memory { base: Some(1), offset: 0x1000, len: 4 };
        let point = point(1, vec![Action::Registers, memory(0x1ffc, 8), relative, memory(0x9000, 4), counts]);
        assert_eq!(tracer.start(&plan(vec![point])).unwrap(), [0x100]);
        assert_eq!(arrive(&tracer), []);
        assert_eq!(arrive(&tracer), []);
        let (buffer, report) = told(&tracer);
        assert_eq!(buffer.counts(), (2, 2));
        assert_eq!(buffer.registers(0, 8), Some([7; 8].as_slice()));
        // As much of it as is there.
        assert_eq!(buffer.ranges(0, 8), [(0x1ffc, 4), (0x1007, 4)]);
        assert_eq!(buffer.variables(1, 8), [(2, 12)]);
        assert_eq!((report.variables[&2], report.counts[0].1.hits, report.halt), (12, 2, None));
        assert!(told(&tracer).1.frames.is_empty());
        tracer.enable(Place { number: 1, addr: 0x100 }, false);
        arrive(&tracer);
        assert!(told(&tracer).1.frames.is_empty());
    }

    #[test]
    fn it_ends_after_so_many_passes() {
        let tracer = Tracer::default();
        let other = point(2, Vec::new());
        tracer.start(&plan(vec![Tracepoint { passes: 2, ..point(1, Vec::new()) }, other])).unwrap();
        (0..5).for_each(|_| drop(arrive(&tracer)));
        let (buffer, report) = told(&tracer);
        assert_eq!(report.halt, Some(Halt::Passes(1)));
        assert_eq!(buffer.counts(), (3, 3));
        assert!(!tracer.halt(Halt::Asked));
    }

    #[test]
    fn steps_belong_to_the_pass() {
        let tracer = Tracer::default();
        tracer.start(&plan(vec![Tracepoint { steps: 3, passes: 1, ..point(1, Vec::new()) }])).unwrap();
        let mut steppings = arrive(&tracer);
        for left in [2, 1, 0] {
            assert_eq!(steppings.len(), 1);
            assert_eq!(tracer.stepped(&mut Sevens, &mut steppings), left == 0);
        }
        assert_eq!(steppings, []);
        let (buffer, report) = told(&tracer);
        assert_eq!((buffer.counts(), report.halt), ((4, 4), Some(Halt::Passes(1))));
        assert_eq!((buffer.registers(0, 8), buffer.registers(3, 8)), (None, Some([7; 8].as_slice())));
    }

    #[test]
    fn it_ends_when_there_is_no_room() {
        let tracer = Tracer::default();
        tracer.start(&plan(vec![point(1, vec![memory(0x1000, 400)])])).unwrap();
        (0..5).for_each(|_| drop(arrive(&tracer)));
        let (buffer, report) = told(&tracer);
        assert_eq!((buffer.counts(), report.halt), ((2, 2), Some(Halt::Full)));
        tracer.start(&Plan { circular: true, ..plan(vec![point(1, vec![memory(0x1000, 400)])]) }).unwrap();
        (0..5).for_each(|_| drop(arrive(&tracer)));
        let (buffer, report) = told(&tracer);
        assert_eq!((buffer.counts(), report.halt), ((5, 5), None));
        tracer
            .start(&Plan { circular: true, ..plan(vec![point(1, vec![memory(0x1000, u64::MAX)])]) })
            .unwrap();
        arrive(&tracer);
        assert_eq!(told(&tracer).1.halt, Some(Halt::Full));
    }

    #[test]
    fn what_cannot_be_evaluated_ends_it() {
        let tracer = Tracer::default();
        // Eight bytes at 0.
        let wrong = vec![0x22, 0, 0x1a, 0x27];
        let condition = Some(wrong.clone());
        tracer.start(&plan(vec![Tracepoint { condition, ..point(1, Vec::new()) }])).unwrap();
        arrive(&tracer);
        let (buffer, report) = told(&tracer);
        assert_eq!(buffer.counts(), (0, 0));
        assert!(matches!(report.halt, Some(Halt::Error(_, 1))));
        tracer.start(&plan(vec![point(1, vec![memory(0x1000, 4), Action::Expression(wrong)])])).unwrap();
        arrive(&tracer);
        let (buffer, report) = told(&tracer);
        assert_eq!((buffer.counts(), buffer.ranges(0, 8)), ((1, 1), vec![(0x1000, 4)]));
        assert!(matches!(report.halt, Some(Halt::Error(_, 1))));
        assert!(tracer.start(&plan(vec![point(1, vec![Action::Expression(vec![0xff])])])).is_err());
    }

    #[test]
    fn a_condition_decides() {
        let tracer = Tracer::default();
        let points = [0, 1].map(|value| Tracepoint {
            condition: Some(vec![0x22, value, 0x27]),
            ..point(u32::from(value), Vec::new())
        });
        tracer.start(&plan(points.into())).unwrap();
        arrive(&tracer);
        let (buffer, report) = told(&tracer);
        assert_eq!((buffer.counts(), buffer.tracepoint(0)), ((1, 1), Some(1)));
        assert_eq!(report.counts.iter().map(|(_, count)| count.hits).collect::<Vec<_>>(), [0, 1]);
    }
}
