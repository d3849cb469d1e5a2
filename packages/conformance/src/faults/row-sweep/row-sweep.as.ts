// One sweep of many rows of a machine of the suite: random numbers (semantics 5), then spin after spin, color after color. What an update comes
// to is looked up by the pattern of the spins that it reads (pattern-table.ts). The witness is fast-sampler.ts.
//
// Addresses and numbers come as u32 at `at`:
//   0 spins           1 rows            2 states, i8 ±1, row after row           3 plusDraws, i32, row after row
//   4 counters        u32 c2 and c3 of every row
//   5 c1              6 k0              7 k1
//   8 groups          u32 c0            9 number of groups                      10 lanes, i32 spin or −1, eight a group
//  11 order           u32 spins in the order of their updates                   12 number of updates
//  13 links           u32 first link of every spin, and the number of links     14 read, u32 spin, or spins + spin for its value before the sweep
//  15 first           u32 first cell of every spin                              16 cells, i32 n
//  17 draws           u16 of every spin 18 now and before, i8, two rows         19 whether `before` is read

const M0: u64 = 0xd2511f53;
const M1: u64 = 0xcd9e8d57;
const W0: u32 = 0x9e3779b9;
const W1: u32 = 0xbb67ae85;

@inline
function u(at: usize, n: usize): u32 {
  return load<u32>(at + 4 * n);
}

@inline
function place(lane: i32, draws: usize, r: u32): void {
  if (lane >= 0) store<u16>(draws + 2 * <usize>lane, <u16>r);
}

function draw(at: usize, c2: u32, c3: u32): void {
  const draws: usize = u(at, 17);
  let group: usize = u(at, 8);
  let lanes: usize = u(at, 10);
  const end = group + 4 * <usize>u(at, 9);
  for (; group < end; group += 4) {
    let x0: u32 = load<u32>(group);
    let x1: u32 = u(at, 5);
    let x2: u32 = c2;
    let x3: u32 = c3;
    let k0: u32 = u(at, 6);
    let k1: u32 = u(at, 7);
    for (let round: u32 = 0; round < 10; round++) {
      const p0: u64 = M0 * <u64>x0;
      const p1: u64 = M1 * <u64>x2;
      x0 = <u32>(p1 >> 32) ^ x1 ^ k0;
      x1 = <u32>p1;
      x2 = <u32>(p0 >> 32) ^ x3 ^ k1;
      x3 = <u32>p0;
      k0 += W0;
      k1 += W1;
    }
    place(load<i32>(lanes), draws, x0);
    place(load<i32>(lanes, 4), draws, x0 >> 16);
    place(load<i32>(lanes, 8), draws, x1);
    place(load<i32>(lanes, 12), draws, x1 >> 16);
    place(load<i32>(lanes, 16), draws, x2);
    place(load<i32>(lanes, 20), draws, x2 >> 16);
    place(load<i32>(lanes, 24), draws, x3);
    place(load<i32>(lanes, 28), draws, x3 >> 16);
    lanes += 32;
  }
}

/** Returns the flips. */
export function sweepRows(at: usize): u32 {
  const spins: usize = u(at, 0);
  const rows: usize = u(at, 1);
  const links: usize = u(at, 13);
  const read: usize = u(at, 14);
  const firstCell: usize = u(at, 15);
  const cells: usize = u(at, 16);
  const draws: usize = u(at, 17);
  const now: usize = u(at, 18);
  const order: usize = u(at, 11);
  const orderEnd = order + 4 * <usize>u(at, 12);
  let states: usize = u(at, 2);
  let plusDraws: usize = u(at, 3);
  let counters: usize = u(at, 4);
  let flips: u32 = 0;
  for (let row: usize = 0; row < rows; row++) {
    draw(at, load<u32>(counters), load<u32>(counters, 4));
    memory.copy(now, states, spins);
    if (u(at, 19) != 0) memory.copy(now + spins, states, spins);
    for (let next = order; next < orderEnd; next += 4) {
      const spin: usize = load<u32>(next);
      let pattern: usize = 0;
      const end = read + 4 * <usize>load<u32>(links + 4 * spin, 4);
      for (let link = read + 4 * <usize>load<u32>(links + 4 * spin); link < end; link += 4) {
        const value: i32 = load<i8>(now + <usize>load<u32>(link));
        pattern = (pattern << 1) | <usize>((value + 1) >> 1);
      }
      const n = load<i32>(cells + 4 * (<usize>load<u32>(firstCell + 4 * spin) + pattern));
      const s: i8 = <i32>load<u16>(draws + 2 * spin) < n ? 1 : -1;
      flips += <u32>(s != load<i8>(now + spin));
      store<i8>(now + spin, s);
      store<i32>(plusDraws + 4 * spin, n);
    }
    memory.copy(states, now, spins);
    states += spins;
    plusDraws += 4 * spins;
    counters += 8;
  }
  return flips;
}
