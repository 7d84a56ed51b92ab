//! Which site is asked next, of all that wait for their time. No I/O, no clock; what it costs does not grow with the
//! sites that have nothing to do.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::config::Sleep;
use crate::limits;

/// The sites that are asked ahead of their readers.
#[derive(Debug, Default)]
pub(super) struct Queue {
    entries: HashMap<String, Entry>,
    /// Those that wait for their time.
    times: BTreeSet<(DateTime<Utc>, String)>,
    /// Those whose time has come, and whose host is busy with others; by host.
    lines: HashMap<Arc<str>, VecDeque<String>>,
    /// How many of each host are being refreshed.
    busy: HashMap<Arc<str>, usize>,
    running: usize,
}

/// What the queue knows of a site.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its host: what hangs there hangs together.
    pub(super) host: Arc<str>,
    /// When it is due.
    pub(super) due: DateTime<Utc>,
    /// When a reader last asked for it.
    pub(super) asked: DateTime<Utc>,
    /// When it is left alone because nobody does.
    pub(super) sleep: Sleep,
    pub(super) stage: Stage,
}

/// Where a site is in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// It waits for its time.
    #[default]
    Waiting,
    /// Its time has come, and it waits for its host.
    InLine,
    /// It is being refreshed.
    Running,
    /// Nobody has asked for it in a long time.
    Asleep,
}

impl Entry {
    fn sleeps(&self, now: DateTime<Utc>) -> bool {
        self.sleep.is_over(now - self.asked)
    }
}

impl Queue {
    /// Puts a site into the queue, or in the stead of what was there; one that is being refreshed goes on.
    pub(super) fn put(&mut self, name: &str, entry: Entry) {
        if let Some(old) = self.entries.get_mut(name) {
            if old.stage == Stage::Running {
                // Its host is the one that it was begun with, until it has ended.
                old.sleep = entry.sleep;
                old.asked = old.asked.max(entry.asked);
                return;
            }
            self.remove(name);
        }
        self.times.insert((entry.due, name.to_owned()));
        self.entries.insert(name.to_owned(), Entry { stage: Stage::Waiting, ..entry });
    }

    /// Takes a site out of the queue; one that is being refreshed goes when that has ended.
    pub(super) fn remove(&mut self, name: &str) {
        let Some(entry) = self.entries.get(name) else { return };
        let host = Arc::clone(&entry.host);
        match entry.stage {
            Stage::Running => return,
            Stage::Waiting => drop(self.times.remove(&(entry.due, name.to_owned()))),
            Stage::InLine => {
                if let Some(line) = self.lines.get_mut(&host) {
                    line.retain(|other| other != name);
                }
            }
            Stage::Asleep => {}
        }
        self.entries.remove(name);
        // It may have been called from its line, and nobody else's end would call the next one.
        if self.busy_at(&host) == 0 {
            self.call(&host);
        }
    }

    /// What is known of a site.
    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// Every site in it.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.entries.keys()
    }

    /// The next site to refresh, if there is one at `now` and room for it.
    pub(super) fn take(&mut self, now: DateTime<Utc>) -> Option<String> {
        while self.running < limits::AHEAD_AT_ONCE && self.times.first().is_some_and(|(due, _)| *due <= now) {
            let (_, name) = self.times.pop_first()?;
            let Some(host) = self.entries.get(&name).map(|entry| Arc::clone(&entry.host)) else { continue };
            let is_busy = self.busy_at(&host) >= limits::AHEAD_OF_A_HOST;
            let Some(entry) = self.entries.get_mut(&name) else { continue };
            if entry.sleeps(now) {
                entry.stage = Stage::Asleep;
                // It may have been called from its line: then the next one's turn has come.
                self.call(&host);
            } else if is_busy {
                entry.stage = Stage::InLine;
                self.lines.entry(host).or_default().push_back(name);
            } else {
                entry.stage = Stage::Running;
                *self.busy.entry(host).or_default() += 1;
                self.running += 1;
                return Some(name);
            }
        }
        None
    }

    /// When [`Self::take`] may have something, if nothing happens before; `None`: only something that happens helps.
    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        (self.running < limits::AHEAD_AT_ONCE).then(|| self.times.first().map(|(due, _)| *due))?
    }

    /// The refresh of a site has ended that [`Self::take`] gave out; it is due again at `due`. `None`: it is no longer a
    /// site.
    pub(super) fn ended(&mut self, name: &str, due: Option<DateTime<Utc>>) {
        let Some(entry) = self.entries.get_mut(name).filter(|entry| entry.stage == Stage::Running) else { return };
        let host = Arc::clone(&entry.host);
        entry.stage = Stage::Waiting;
        match due {
            Some(due) => {
                entry.due = due;
                self.times.insert((due, name.to_owned()));
            }
            None => drop(self.entries.remove(name)),
        }
        self.running -= 1;
        if let Some(busy) = self.busy.get_mut(&host) {
            *busy -= 1;
            if *busy == 0 {
                self.busy.remove(&host);
            }
        }
        self.call(&host);
    }

    /// A site was refreshed because a reader asked, and is due at another time now.
    pub(super) fn moved(&mut self, name: &str, due: DateTime<Utc>) {
        if let Some(entry) = self.entries.get(name).filter(|entry| entry.stage != Stage::Running) {
            let entry = Entry { due, ..entry.clone() };
            self.put(name, entry);
        }
    }

    /// A reader has asked for a site, which wakes it.
    pub(super) fn asked(&mut self, name: &str, at: DateTime<Utc>) {
        let Some(entry) = self.entries.get_mut(name) else { return };
        entry.asked = entry.asked.max(at);
        if entry.stage == Stage::Asleep {
            entry.stage = Stage::Waiting;
            self.times.insert((entry.due, name.to_owned()));
        }
    }

    /// How many of a host are being refreshed.
    fn busy_at(&self, host: &Arc<str>) -> usize {
        self.busy.get(host).copied().unwrap_or(0)
    }

    /// Lets the first of a host's line try again.
    fn call(&mut self, host: &Arc<str>) {
        let Some(line) = self.lines.get_mut(host) else { return };
        if let Some(name) = line.pop_front()
            && let Some(entry) = self.entries.get_mut(&name)
        {
            entry.stage = Stage::Waiting;
            self.times.insert((entry.due, name));
        }
        if line.is_empty() {
            self.lines.remove(host);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use chrono::TimeDelta;

    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
    }

    fn entry(host: &str, due: i64) -> Entry {
        Entry { host: host.into(), due: at(due), asked: at(0), sleep: Sleep::Never, stage: Stage::Waiting }
    }

    fn all(queue: &mut Queue, now: i64) -> Vec<String> {
        std::iter::from_fn(|| queue.take(at(now))).collect()
    }

    #[test]
    fn sites_are_taken_when_they_are_due() {
        let mut queue = Queue::default();
        for (name, due) in [("b", 2), ("a", 1), ("c", 3)] {
            queue.put(name, entry(name, due));
        }
        assert_eq!(queue.next(), Some(at(1)));
        assert_eq!(all(&mut queue, 0), [""; 0]);
        assert_eq!(all(&mut queue, 2), ["a", "b"]);
        assert_eq!(queue.next(), Some(at(3)));
        queue.ended("a", Some(at(61)));
        queue.ended("b", None);
        queue.moved("c", at(90));
        assert_eq!((queue.next(), queue.entries.len()), (Some(at(61)), 2));
    }

    #[test]
    fn fault_30_a_host_that_hangs_keeps_two_slots_and_no_more() {
        let mut queue = Queue::default();
        for n in 0..500 {
            queue.put(&format!("dead-{n}"), entry("dead", 0));
        }
        queue.put("alive", entry("alive", 5));
        let taken = all(&mut queue, 5);
        assert_eq!(taken.len(), limits::AHEAD_OF_A_HOST + 1);
        assert!(taken.contains(&"alive".to_owned()));
        queue.ended(&taken[0], Some(at(60)));
        assert_eq!(all(&mut queue, 5).len(), 1, "the next of the line");
    }

    #[test]
    fn what_nobody_asks_for_sleeps_until_somebody_does() {
        let mut queue = Queue::default();
        let sleep = Sleep::After(std::time::Duration::from_mins(30));
        queue.put("a", Entry { sleep, ..entry("a", 10) });
        assert_eq!(all(&mut queue, 10), ["a"]);
        queue.ended("a", Some(at(40)));
        assert_eq!(all(&mut queue, 40), [""; 0]);
        assert_eq!(queue.next(), None);
        queue.asked("a", at(50));
        assert_eq!(all(&mut queue, 50), ["a"]);
    }

    #[test]
    fn a_sleeper_in_a_line_does_not_hold_up_those_behind_it() {
        let mut queue = Queue::default();
        for n in 0..2 {
            queue.put(&format!("first-{n}"), entry("h", 0));
        }
        all(&mut queue, 0);
        let sleep = Sleep::After(std::time::Duration::from_mins(30));
        queue.put("sleeper", Entry { sleep, ..entry("h", 1) });
        queue.put("other", entry("h", 2));
        assert_eq!(all(&mut queue, 3), [""; 0]);
        queue.ended("first-0", Some(at(500)));
        assert_eq!(all(&mut queue, 100), ["other"]);
    }

    proptest! {
        #[test]
        fn nobody_is_forgotten(steps in proptest::collection::vec((0_u8..6, 0_usize..12, 0_i64..50), 1..200)) {
            let mut queue = Queue::default();
            let mut running: Vec<String> = Vec::new();
            let mut now = 0;
            for (step, n, minutes) in steps {
                let name = format!("s{n}");
                let sleep = if n % 3 == 0 { Sleep::After(std::time::Duration::from_mins(40)) } else { Sleep::Never };
                match step {
                    0 => queue.put(&name, Entry { sleep, ..entry(["a", "b"][n % 2], now + minutes) }),
                    1 => queue.remove(&name),
                    2 => running.extend(all(&mut queue, now)),
                    3 => if let Some(name) = running.pop() { queue.ended(&name, Some(at(now + minutes + 1))) },
                    4 => queue.asked(&name, at(now)),
                    _ => now += minutes,
                }
                prop_assert_eq!(queue.running, running.len());
                prop_assert!(queue.busy.values().all(|&busy| busy <= limits::AHEAD_OF_A_HOST));
                for (name, entry) in &queue.entries {
                    let is_timed = queue.times.contains(&(entry.due, name.clone()));
                    let line = queue.lines.get(&entry.host).is_some_and(|line| line.contains(name));
                    let is_running = running.contains(name);
                    let expected = match entry.stage {
                        Stage::Waiting => (true, false, false),
                        Stage::InLine => (false, true, false),
                        Stage::Running => (false, false, true),
                        Stage::Asleep => (false, false, false),
                    };
                    prop_assert_eq!((is_timed, line, is_running), expected);
                }
                // Whoever stands in a line has somebody before it who will call it: one that is being refreshed, or one
                // that was called itself and has not been taken yet.
                let is_called = |host: &Arc<str>| {
                    queue.entries.values().any(|entry| &entry.host == host && entry.stage == Stage::Waiting && entry.due <= at(now))
                };
                prop_assert!(queue.lines.keys().all(|host| queue.busy.contains_key(host) || is_called(host)), "{:?}", queue);
            }
        }
    }
}
