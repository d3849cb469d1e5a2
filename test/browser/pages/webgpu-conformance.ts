/** The conformance suite on the GPU of whoever runs this: Node or a page. */
import webgpu from '@isinglass/backend-webgpu';
import { catalogue, defineProvider, explainCase, runSuite } from '@isinglass/conformance';
import { silentLogger } from '@isinglass/sdk';

/** Ids of the checks of level quick whose findings are right or wrong. */
export function logicalChecks(): readonly string[] {
  return catalogue.filter(({ plan }) => plan.kind === 'logical' && plan.level === 'quick').map(({ plan }) => plan.id);
}

/** The verdict of each of these checks at level quick, and what explains it. */
export async function verdicts(
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly verdict: string; readonly explanation: string }[]> {
  const { cases } = await runSuite({
    provider: defineProvider({ create: ({ signal }) => webgpu.open('webgpu', { logger: silentLogger, signal }) }),
    level: 'quick',
    only: ids.join(','),
  });
  return cases.map((record) => {
    const plan = catalogue.find((check) => `${check.plan.id}@${check.plan.version}` === record.case)?.plan;
    if (plan === undefined) throw new Error(`no check is ${record.case}`);
    return { id: plan.id, verdict: record.verdict, explanation: explainCase({ record, plan }) };
  });
}
