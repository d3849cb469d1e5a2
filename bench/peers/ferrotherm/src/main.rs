//! ferrotherm's samplers on a graph workload file: one JSON line per variant, as ../../python/timing.py describes.
//!
//! `scalar` is its general sampler, one state at a time, in float64: one per chain, chains spread over threads.
//! `multispin` is 64 chains in the bits of a word, for couplings that are all +-1 and 64 chains; one thread.

mod workload;

use ferrotherm::{gibbs::Sampler, graph::Graph as Model, graph::GraphBuilder, multispin::Multispin};
use std::time::Instant;
use workload::{read_graph, Graph};

const VERSION: &str = "ferrotherm 0.44.0";
const WORD_CHAINS: usize = 64;

struct Options {
    file: String,
    threads: usize,
    repetitions: usize,
    repetition_seconds: f64,
    /// Burn-in, span, stride.
    check: Option<(usize, usize, usize)>,
}

fn options() -> Options {
    let mut given = std::env::args().skip(1);
    let file = given.next().expect("usage: ferrotherm-gibbs FILE [--threads N] [--repetitions N] [--repetition-seconds S] [--check B,S,T]");
    let mut o = Options { file, threads: 1, repetitions: 7, repetition_seconds: 0.25, check: None };
    while let (Some(name), Some(value)) = (given.next(), given.next()) {
        let number = |text: &str| text.parse::<usize>().expect("a whole number");
        match name.as_str() {
            "--threads" => o.threads = number(&value),
            "--repetitions" => o.repetitions = number(&value),
            "--repetition-seconds" => o.repetition_seconds = value.parse().expect("seconds"),
            "--check" => {
                let parts: Vec<usize> = value.split(',').map(number).collect();
                o.check = Some((parts[0], parts[1], parts[2]));
            }
            _ => panic!("no option {name}"),
        }
    }
    o
}

/// What both samplers offer.
trait Chains {
    fn run(&mut self, sweeps: usize);
    /// Sum over the chains.
    fn energy(&self) -> f64;
}

struct Scalar<'a> {
    model: &'a Model,
    samplers: Vec<Sampler<'a>>,
    threads: usize,
}

impl Chains for Scalar<'_> {
    fn run(&mut self, sweeps: usize) {
        let share = self.samplers.len().div_ceil(self.threads);
        std::thread::scope(|scope| {
            for part in self.samplers.chunks_mut(share) {
                scope.spawn(move || part.iter_mut().for_each(|sampler| { sampler.sweeps(sweeps, None); }));
            }
        });
    }

    fn energy(&self) -> f64 {
        self.samplers.iter().map(|sampler| self.model.energy(&sampler.s)).sum()
    }
}

impl Chains for Multispin<'_> {
    fn run(&mut self, sweeps: usize) {
        for _ in 0..sweeps {
            self.sweep(None);
        }
    }

    fn energy(&self) -> f64 {
        self.energies().iter().sum()
    }
}

fn check_energy(chains: &mut dyn Chains, (burn_in, span, stride): (usize, usize, usize)) -> f64 {
    chains.run(burn_in);
    let looks = span / stride;
    let sum: f64 = (0..looks).map(|_| { chains.run(stride); chains.energy() }).sum();
    sum / looks as f64
}

fn seconds(chains: &mut dyn Chains, sweeps: usize) -> f64 {
    let start = Instant::now();
    chains.run(sweeps);
    start.elapsed().as_secs_f64()
}

fn measure(variant: &str, chains: &mut dyn Chains, graph: &Graph, o: &Options) {
    let energy = o.check.map(|check| check_energy(chains, check) / (graph.spins * graph.chains) as f64);
    chains.run(1);
    let mut trial = 1;
    let mut taken = seconds(chains, trial);
    while taken < o.repetition_seconds / 4.0 {
        trial *= 2;
        taken = seconds(chains, trial);
    }
    let sweeps = ((trial as f64 * o.repetition_seconds / taken).round() as usize).max(1);
    chains.run(sweeps);
    let times: Vec<String> = (0..o.repetitions).map(|_| format!("{:.7}", seconds(chains, sweeps))).collect();
    println!(
        "{{\"implementation\": \"{VERSION}\", \"variant\": \"{variant}\", \"threads\": {}, \"checkEnergyPerSpin\": {}, \"seconds\": [{}], \"sweeps\": {sweeps}, \"cpuShare\": null}}",
        o.threads,
        energy.map_or("null".to_string(), |e| format!("{e:.6}")),
        times.join(", "),
    );
}

fn model(graph: &Graph) -> Model {
    let mut builder = GraphBuilder::new(graph.spins);
    for (i, &h) in graph.h.iter().enumerate().filter(|(_, &h)| h != 0.0) {
        builder.bias(i, h);
    }
    for &(u, v, coupling) in &graph.couplings {
        builder.couple(u, v, coupling);
    }
    builder.build()
}

fn main() {
    let o = options();
    let Some(graph) = read_graph(&o.file) else { return };
    let model = model(&graph);
    let samplers = (0..graph.chains).map(|chain| Sampler::new(&model, graph.beta, 100 + chain as u64)).collect();
    let colors = model.classes.len();
    let mut scalar = Scalar { model: &model, samplers, threads: o.threads };
    measure(&format!("scalar f64, {colors} colors"), &mut scalar, &graph, &o);
    let unit = graph.couplings.iter().all(|&(_, _, j)| j.abs() == 1.0);
    if unit && graph.chains == WORD_CHAINS && o.threads == 1 {
        let mut words = Multispin::new(&model, graph.beta, 7).expect("couplings of +-1");
        measure(&format!("multispin, 64 chains a word, {colors} colors"), &mut words, &graph, &o);
    }
}
