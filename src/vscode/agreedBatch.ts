import type { BatchRequest } from '../download/batch/batchModel.ts';
import { type BatchPlan, isWorthAsking } from '../download/batch/batchPlan.ts';
import type { Localizer } from './localizer.ts';
import { type PlanChoice, type PlanQuestion, planQuestion } from './planQuestion.ts';

/** Port: who looks ahead, and who asks the user; undefined when the user gave up. */
export interface BatchPlanner {
  survey(request: BatchRequest): Promise<BatchPlan | undefined>;
  ask(question: PlanQuestion): Promise<PlanChoice | undefined>;
}

/**
 * The batch as the user wants it: a small one without problems as it is, any other after one question.
 * @returns undefined when the user gave up
 * @throws AppError of the listing
 */
export async function agreedBatch(
  request: BatchRequest,
  planner: BatchPlanner,
  l10n: Localizer,
): Promise<BatchRequest | undefined> {
  const plan = await planner.survey(request);
  if (plan === undefined || !isWorthAsking(plan, request)) {
    return plan && request;
  }
  const choice = await planner.ask(planQuestion(plan, request, l10n));
  if (choice === undefined) {
    return undefined;
  }
  const { conflict, leaveOutArchived } = choice;
  return { ...request, conflict, ...(leaveOutArchived ? { leaveOutArchived } : {}) };
}
