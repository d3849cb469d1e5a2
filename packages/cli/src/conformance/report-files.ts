/** What stands beside report.jsonl for people and for CI. */
import type { CheckPlan, Report } from '@isinglass/conformance';
import type { ReportFolder } from './report-folder.ts';
import { conformance } from './suite.ts';

/** Plans by case id. */
export async function planOf(): Promise<(id: string) => CheckPlan | undefined> {
  const { catalogue } = await conformance();
  const plans = new Map(catalogue.map(({ plan }) => [`${plan.id}@${plan.version}`, plan]));
  return (id) => plans.get(id);
}

/** Writes summary.md, junit.xml and report.html. */
export async function writeReportFiles(folder: ReportFolder, report: Report): Promise<void> {
  const { faultTitle, htmlPage, junitXml, summaryMarkdown } = await conformance();
  const plans = await planOf();
  folder.write('summary.md', summaryMarkdown(report));
  folder.write('junit.xml', junitXml(report, plans));
  folder.write('report.html', htmlPage(report, { planOf: plans, faultTitle }));
}
