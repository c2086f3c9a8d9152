import { defined } from '../base/defined.ts';

/**
 * A host of Alibaba Cloud's public OSS. Acceleration hosts serve all regions, so they have none.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints
 */
export interface PublicHost {
  readonly kind: 'public' | 'internal' | 'dualStack' | 'accelerate' | 'accelerateOverseas';
  readonly region?: string;
}

interface LabelledHost extends PublicHost {
  /** Name before the endpoint's own, such as a bucket. */
  readonly label?: string;
}

const region = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*?';
const forms: readonly (readonly [PublicHost['kind'], RegExp])[] = [
  ['accelerateOverseas', /^(?:(?<label>.+)\.)?oss-accelerate-overseas\.aliyuncs\.com$/],
  ['accelerate', /^(?:(?<label>.+)\.)?oss-accelerate\.aliyuncs\.com$/],
  ['internal', new RegExp(`^(?:(?<label>.+)\\.)?oss-(?<region>${region})-internal\\.aliyuncs\\.com$`)],
  ['public', new RegExp(`^(?:(?<label>.+)\\.)?oss-(?<region>${region})\\.aliyuncs\\.com$`)],
  ['dualStack', new RegExp(`^(?:(?<label>.+)\\.)?(?<region>${region})\\.oss\\.aliyuncs\\.com$`)],
];

/** Parses a host of the public cloud. @returns undefined for any other host */
export function parsePublicHost(host: string): LabelledHost | undefined {
  for (const [kind, form] of forms) {
    const groups = form.exec(host.toLowerCase())?.groups;
    if (groups !== undefined) {
      const { label, region: named } = groups;
      return { kind, ...defined({ region: named, label }) };
    }
  }
  return undefined;
}

export function publicHost({ kind, region: named = '' }: PublicHost): string {
  switch (kind) {
    case 'public':
      return `oss-${named}.aliyuncs.com`;
    case 'internal':
      return `oss-${named}-internal.aliyuncs.com`;
    case 'dualStack':
      return `${named}.oss.aliyuncs.com`;
    case 'accelerate':
      return 'oss-accelerate.aliyuncs.com';
    case 'accelerateOverseas':
      return 'oss-accelerate-overseas.aliyuncs.com';
  }
}
