/**
 * Cycles between files: sets of files that reach each other through what they import at run time, where the order of
 * evaluation would matter. Type imports do not count: a part may name the type of its whole.
 * Tarjan's strongly connected components.
 */
import type { Finding } from './finding.ts';
import type { ImportEdge } from './import-graph.ts';

export function cycleFindings(edges: readonly ImportEdge[]): Finding[] {
  const next = new Map<string, Set<string>>();
  for (const { file, target, typeOnly } of edges) {
    if (target.kind !== 'file' || typeOnly) continue;
    const targets = next.get(file) ?? new Set();
    next.set(file, targets.add(target.path));
  }
  return components(next)
    .filter((files) => files.length > 1 || next.get(files[0] ?? '')?.has(files[0] ?? ''))
    .map((files) => files.toSorted())
    .map((files) => ({
      file: files[0] ?? '',
      line: 0,
      rule: 'cycle',
      message: `these files import each other: ${files.join(', ')}`,
    }));
}

function components(next: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const found: string[][] = [];

  const visit = (file: string): number => {
    const number = order.size;
    order.set(file, number);
    let lowest = number;
    open.push(file);
    isOpen.add(file);
    for (const target of next.get(file) ?? []) {
      if (!order.has(target)) lowest = Math.min(lowest, visit(target));
      else if (isOpen.has(target)) lowest = Math.min(lowest, order.get(target) ?? lowest);
    }
    low.set(file, lowest);
    if (lowest === number) {
      const component = open.splice(open.indexOf(file));
      for (const member of component) isOpen.delete(member);
      found.push(component);
    }
    return lowest;
  };

  for (const file of next.keys()) if (!order.has(file)) visit(file);
  return found;
}
