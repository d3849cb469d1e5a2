/**
 * `pnpm check:dependencies`: proves the rules of docs/architecture.md, section 2, over every file of the repository.
 * Prints one line per finding; exits 1 when there is any.
 */

import { machineFindings, nameFindings } from './dependencies/file-rules.ts';
import { type Finding, formatFinding } from './dependencies/finding.ts';
import { cycleFindings } from './dependencies/import-cycles.ts';
import { importGraph } from './dependencies/import-graph.ts';
import {
  declarationFindings,
  entryFindings,
  layerFindings,
  nodeModuleFindings,
  pathFindings,
  threadFindings,
  witnessFindings,
} from './dependencies/layers.ts';
import { manifestFindings } from './dependencies/package-manifests.ts';
import { readWorkspace, type Workspace } from './workspace/read-workspace.ts';

/** Every finding of every rule, in the order of the rules. */
export function dependencyFindings(workspace: Workspace): Finding[] {
  const edges = importGraph(workspace);
  return [
    ...layerFindings(edges),
    ...entryFindings(edges),
    ...threadFindings(edges),
    ...declarationFindings(edges),
    ...nodeModuleFindings(edges),
    ...pathFindings(edges, workspace),
    ...witnessFindings(edges, workspace),
    ...cycleFindings(edges),
    ...nameFindings(workspace),
    ...machineFindings(workspace),
    ...manifestFindings(workspace),
  ];
}

if (import.meta.main) {
  const workspace = readWorkspace();
  const findings = dependencyFindings(workspace);
  for (const finding of findings) console.log(formatFinding(finding));
  console.log(`dependency rules: ${findings.length} findings in ${workspace.files.size} files`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}
