/** How a check is named in reports, seeds and queries. */
import type { CheckPlan } from '../checks/check.ts';

/** `law.update@1`: a check in one meaning. */
export const caseId = ({ id, version }: Pick<CheckPlan, 'id' | 'version'>): string => `${id}@${version}`;
