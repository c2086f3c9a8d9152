import * as vscode from 'vscode';
import { systemClock } from '../../base/clock.ts';
import { surveyBatch } from '../../download/batch/batchSurvey.ts';
import type { ObjectLister } from '../../oss/objectLister.ts';
import { isCancellation } from '../errors/showError.ts';
import { visibleName } from '../ui/displayText.ts';
import { withDelayedProgress } from '../ui/progress.ts';
import type { BatchPlanner } from './batchPrompt.ts';

/** A survey shorter than this shows no notification. */
const quietMs = 500;

/** Surveys a batch, with a notification if it takes long, and asks in a modal dialog. */
export function batchPlanner(lister: Pick<ObjectLister, 'listObjects'>): BatchPlanner {
  return {
    survey: async (request) => {
      try {
        return await withDelayedProgress(
          (signal) => surveyBatch(request, { lister, clock: systemClock }, signal),
          vscode.l10n.t('Looking at {0}', visibleName(request.label)),
          quietMs,
        );
      } catch (error) {
        if (isCancellation(error)) {
          return undefined;
        }
        throw error;
      }
    },

    ask: async ({ message, detail, isWarning, choices }) => {
      const show = isWarning ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
      const chosen = await show(message, { modal: true, detail }, ...choices.map(({ label }) => label));
      return choices.find(({ label }) => label === chosen);
    },
  };
}
