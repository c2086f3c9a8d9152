import * as vscode from 'vscode';
import { isAbort } from '../../base/abort.ts';
import { systemClock } from '../../base/clock.ts';
import type { BatchPlan } from '../../download/batch/batchPlan.ts';
import { surveyBatch } from '../../download/batch/batchSurvey.ts';
import type { ObjectLister } from '../../oss/objectLister.ts';
import { visibleName } from '../ui/displayText.ts';
import type { BatchPlanner } from './batchQuestion.ts';

/** A look ahead that is over sooner is not shown. */
const quietMs = 500;

/** Looks ahead at a batch, visibly where that takes a while, and asks in a modal dialog. */
export function batchPlanner(lister: Pick<ObjectLister, 'listObjects'>): BatchPlanner {
  return {
    survey: async (request) => {
      const cancel = new AbortController();
      const survey = surveyBatch(request, { lister, clock: systemClock }, cancel.signal);
      return (await isOverSoon(survey)) ? survey : showSurvey(survey, cancel, visibleName(request.label));
    },

    ask: async ({ message, detail, isWarning, choices }) => {
      const show = isWarning ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
      const chosen = await show(message, { modal: true, detail }, ...choices.map(({ label }) => label));
      return choices.find(({ label }) => label === chosen);
    },
  };
}

async function isOverSoon(survey: Promise<BatchPlan>): Promise<boolean> {
  const over = new AbortController();
  const late = systemClock.delay(quietMs, over.signal).then(
    () => false,
    () => true,
  );
  try {
    return await Promise.race([survey.then(() => true), late]);
  } finally {
    over.abort();
  }
}

/** @returns undefined when the user cancelled it */
async function showSurvey(
  survey: Promise<BatchPlan>,
  cancel: AbortController,
  label: string,
): Promise<BatchPlan | undefined> {
  const title = vscode.l10n.t('Looking at {0}', label);
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      token.onCancellationRequested(() => cancel.abort());
      try {
        return await survey;
      } catch (error) {
        if (isAbort(error, cancel.signal)) {
          return undefined;
        }
        throw error;
      }
    },
  );
}
