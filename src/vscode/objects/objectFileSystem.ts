import * as vscode from 'vscode';
import { toAppError } from '../../base/errors.ts';
import type { KnownObject } from '../../download/model.ts';
import { withDelayedProgress } from '../ui/progress.ts';
import type { ReadOnlyFiles } from './lazyFileSystem.ts';
import { ObjectFiles } from './objectFiles.ts';
import type { ObjectFileParts } from './objectFiles.ts';
import { objectOf } from './objectUri.ts';
import type { ObjectFile } from './objectUri.ts';
import { openFailure } from './openTexts.ts';
import { hasTrait } from '../errors/errorTraits.ts';
import { isCancellation } from '../errors/showError.ts';
import type { ErrorPresenter } from '../errors/showError.ts';
import { objectLabel } from '../ui/displayText.ts';

/** Read-only file system of OSS objects, for editors and viewers. */
export class ObjectFileSystem implements ReadOnlyFiles {
  private readonly files: ObjectFiles;
  private readonly errors: ErrorPresenter;
  private readonly closing = new AbortController();

  constructor(parts: ObjectFileParts, errors: ErrorPresenter) {
    this.files = new ObjectFiles(parts);
    this.errors = errors;
  }

  /** As in `ObjectFiles`. */
  expect(file: ObjectFile, known: KnownObject): void {
    this.files.expect(file, known);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const file = fileAt(uri);
    try {
      const { sizeBytes, modifiedMs } = await this.files.stat(file, this.closing.signal);
      return {
        type: vscode.FileType.File,
        ctime: 0,
        mtime: modifiedMs,
        size: sizeBytes,
        permissions: vscode.FilePermission.Readonly,
      };
    } catch (error) {
      throw this.failure(error, file);
    }
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const file = fileAt(uri);
    try {
      return await withDelayedProgress(
        (signal) => this.files.read(file, AbortSignal.any([signal, this.closing.signal])),
        vscode.l10n.t('Opening {0}', objectLabel(file.object.key, '')),
      );
    } catch (error) {
      const failure = this.failure(error, file);
      if (!isCancellation(error)) {
        // The image viewer hides the reason, and no editor offers remedies.
        this.errors.present(this.errors.record(error).code, failure.message, { profile: file.object.profile });
      }
      throw failure;
    }
  }

  dispose(): void {
    this.closing.abort();
    this.files.dispose();
  }

  private failure(error: unknown, { object }: ObjectFile): vscode.FileSystemError {
    if (isCancellation(error)) {
      return vscode.FileSystemError.Unavailable(vscode.l10n.t('Opening it was cancelled.'));
    }
    const appError = toAppError(error);
    const sentence = openFailure(appError, object, vscode.l10n);
    if (hasTrait(appError.code, 'notFound')) {
      return vscode.FileSystemError.FileNotFound(sentence);
    }
    return hasTrait(appError.code, 'forbidden')
      ? vscode.FileSystemError.NoPermissions(sentence)
      : vscode.FileSystemError.Unavailable(sentence);
  }
}

function fileAt(uri: vscode.Uri): ObjectFile {
  const file = objectOf(uri);
  if (file === undefined) {
    throw vscode.FileSystemError.FileNotFound(uri);
  }
  return file;
}
