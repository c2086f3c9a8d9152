import { toAppError, toErrorRecord } from '../../base/errors.ts';
import type { ErrorRecord } from '../../base/errors.ts';
import type { CredentialsSource } from '../profile.ts';
import { aliyunCliFile, parseAliyunCliConfig } from './aliyunCliConfig.ts';
import { environmentSource } from './environmentSource.ts';
import type { Environment } from './environmentSource.ts';
import { ossutilFile, parseOssutilConfig } from './ossutilConfig.ts';
import type { SourceEntry, SourcePlace } from './credentialSpec.ts';
import type { UserFile, UserFiles } from './userFiles.ts';

/** A credentials source found on this machine. Holds no secret. */
export interface FoundSource {
  readonly source: CredentialsSource;
  /** Suggested name of a profile, such as `ossutil` or `dev`. */
  readonly name: string;
  /** Authentication mode in the terms of its tool, such as `RamRoleArn`. */
  readonly mode: string;
  /** Path of its file; empty for other sources. */
  readonly where: string;
  readonly place: SourcePlace;
  /** Whether other users of this machine can read the file. */
  readonly isOpenToOthers: boolean;
  /** Reason why it is unusable; absent if it is usable. */
  readonly problem?: ErrorRecord;
}

export interface FindSetup {
  readonly files: UserFiles;
  readonly environment: Environment;
  /** Finds the name of the instance's role; undefined if there is none. */
  readonly findEcsRole: () => Promise<string | undefined>;
}

/**
 * Finds the credentials sources of this machine; unusable ones carry the reason. A missing file is no source.
 * Never throws.
 */
export async function findSources({ files, environment, findEcsRole }: FindSetup): Promise<readonly FoundSource[]> {
  const found = await Promise.all([
    inFile(files, ossutilFile, 'ossutil', ossutilSources),
    inFile(files, aliyunCliFile, 'aliyunCli', aliyunCliSources),
    Promise.resolve(inEnvironment(environment)),
    findEcsRole().then(
      (role) => (role === undefined ? [] : [ecsSource(role)]),
      () => [],
    ),
  ]);
  return found.flat();
}

async function inFile(
  files: UserFiles,
  path: string,
  from: 'ossutil' | 'aliyunCli',
  read: (file: UserFile) => readonly FoundSource[],
): Promise<readonly FoundSource[]> {
  try {
    return read(await files.read(path));
  } catch (error) {
    const { reason } = toAppError(error).details;
    return reason === 'missing'
      ? []
      : [
          {
            source: { from },
            name: from,
            mode: '',
            where: path,
            place: {},
            isOpenToOthers: false,
            problem: toErrorRecord(error),
          },
        ];
  }
}

function ossutilSources(file: UserFile): readonly FoundSource[] {
  return parseOssutilConfig(file.text, file.shownPath).map((entry) =>
    fromEntry(
      entry,
      file,
      { from: 'ossutil', ...(entry.name === '' ? {} : { profile: entry.name }) },
      entry.name === '' ? 'ossutil' : entry.name,
    ),
  );
}

function aliyunCliSources(file: UserFile): readonly FoundSource[] {
  return parseAliyunCliConfig(file.text, file.shownPath, Date.now()).entries.map((entry) =>
    fromEntry(entry, file, { from: 'aliyunCli', profile: entry.name }, entry.name),
  );
}

function fromEntry(
  { mode, place, spec }: SourceEntry,
  { shownPath, isOpenToOthers }: UserFile,
  source: CredentialsSource,
  name: string,
): FoundSource {
  const found = { source, name, mode, where: shownPath, place, isOpenToOthers };
  try {
    spec();
    return found;
  } catch (error) {
    return { ...found, problem: toErrorRecord(error) };
  }
}

function inEnvironment(environment: Environment): readonly FoundSource[] {
  const found = environmentSource(environment);
  if (found === undefined) {
    return [];
  }
  const mode = found.kind === 'spec' ? found.mode : 'ALIBABA_CLOUD_PROFILE';
  return [{ source: 'environment', name: 'environment', mode, where: '', place: found.place, isOpenToOthers: false }];
}

function ecsSource(role: string): FoundSource {
  return { source: { from: 'ecsRole' }, name: role, mode: 'EcsRamRole', where: '', place: {}, isOpenToOthers: false };
}
