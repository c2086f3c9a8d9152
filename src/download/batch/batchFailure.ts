import * as v from 'valibot';
import { type ErrorRecord, errorCodes } from '../../base/errors.ts';

const text = v.exactOptional(v.string());

/** How the last try of an object ended, as the record of a batch keeps it: what a report and Alibaba Cloud's support need. */
export const failureSchema = v.object({
  code: v.picklist(errorCodes),
  details: v.object({
    status: v.exactOptional(v.number()),
    ossCode: text,
    requestId: text,
    ec: text,
    subject: text,
    endpoint: text,
  }),
});
export type BatchFailure = v.InferOutput<typeof failureSchema>;

/** Without the message, which is for the log. */
export function failureOf({ code, details }: Pick<ErrorRecord, 'code' | 'details'>): BatchFailure {
  const { status, ossCode, requestId, ec, subject, endpoint } = details;
  return {
    code,
    details: {
      ...(status === undefined ? {} : { status }),
      ...(ossCode === undefined ? {} : { ossCode }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(ec === undefined ? {} : { ec }),
      ...(subject === undefined ? {} : { subject }),
      ...(endpoint === undefined ? {} : { endpoint }),
    },
  };
}
