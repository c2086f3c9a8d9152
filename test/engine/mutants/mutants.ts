/** A place in the source, found by text that stands there exactly once, and what stands there instead. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The engine with one promise broken on purpose. */
export interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** One edit in `src/download`. */
function inDownload(file: string, find: string, replace: string): Edit {
  return { file: `src/download/${file}`, find, replace };
}

export const mutants: readonly Mutant[] = [
  {
    name: 'skip the comparison of the CRC-64',
    edits: [
      inDownload(
        'transfer/prove.ts',
        'return ledger.complete && ledger.wholeCrc() === BigInt(object.crc64 ?? -1);',
        'return ledger.complete || object.crc64 === undefined;',
      ),
    ],
  },
  {
    name: 'ignore the validator',
    edits: [
      inDownload('transfer/fetchPart.ts', '...defined({ range, validator })', '...defined({ range })'),
      inDownload('transfer/fetchPart.ts', '      requireSameObject(object, response.object);\n', ''),
    ],
  },
  {
    name: 'believe that the server honoured the validator',
    edits: [
      inDownload(
        'transfer/validators.ts',
        '(fact) => expected[fact] !== undefined &&',
        '(fact) => expected[fact] === null &&',
      ),
    ],
  },
  {
    name: 'record before the write',
    edits: [
      inDownload('transfer/rangeWriter.ts', '    await writing;\n', ''),
      inDownload(
        'transfer/rangeWriter.ts',
        "    journal.note({ kind: 'part', index, bytesDone, crc64 });\n",
        "    journal.note({ kind: 'part', index, bytesDone, crc64 });\n    await writing;\n",
      ),
    ],
  },
  {
    name: 'trust the length of the unfinished file',
    edits: [
      inDownload(
        'files/partFile.ts',
        'if (stats.isFile() && stats.size === sizeBytes && stats.nlink === 1) {',
        'if (stats.isFile()) {',
      ),
    ],
  },
  {
    name: 'trust the checkpoint after a crash',
    edits: [
      inDownload(
        'transfer/openTransfer.ts',
        'if (!(await file.isSealedBy(sealIn(checkpoint)))) {',
        'if (sealIn(checkpoint) !== 0n && !(await file.isSealedBy(sealIn(checkpoint)))) {',
      ),
    ],
  },
  {
    name: 'trust what was paused',
    edits: [
      inDownload(
        'transfer/openTransfer.ts',
        'if (!(await file.isSealedBy(sealIn(checkpoint)))) {',
        'if (sealIn(checkpoint) === 0n) {',
      ),
    ],
  },
  {
    name: 'take a 200 for a range',
    edits: [
      inDownload(
        'transfer/fetchPart.ts',
        "if ((response.kind === 'range') !== (range !== undefined)) {",
        "if (response.kind === 'range' && range === undefined) {",
      ),
      inDownload(
        'transfer/rangeWriter.ts',
        'if (this.position + chunk.length > this.end) {',
        'if (this.position + chunk.length > this.end) {\n      return this.position < this.end ? ' +
          'this.push(chunk.subarray(0, this.end - this.position), signal) : undefined;',
      ),
    ],
  },
  {
    name: 'rename before the proof',
    edits: [
      inDownload(
        'transfer/runDownload.ts',
        "    const verified = await prove(transfer, signal);\n    transfer.observer.onPhase('verifying');\n    " +
          'await commit(transfer, signal);\n',
        '    await commit(transfer, signal);\n    const verified = await prove(transfer, signal);\n',
      ),
    ],
  },
  {
    name: 'skip the lease',
    edits: [
      inDownload(
        'windows/lease.ts',
        'if (first === undefined || (owner !== undefined && isDead(owner))) {',
        'if (first === undefined || signal !== undefined) {',
      ),
    ],
  },
  {
    name: 'ignore Content-Range',
    edits: [
      {
        file: 'src/oss/http/responseCheck.ts',
        find:
          'if (range === undefined || Number(first) !== range.start || Number(last) !== end - 1 || end <= ' +
          'range.start) {',
        replace: 'if (range === undefined || first === null || last === null || end <= range.start) {',
      },
    ],
  },
  {
    name: 'do not sync before the rename',
    edits: [inDownload('transfer/runDownload.ts', '  await file.sync(signal);\n', '  signal.throwIfAborted();\n')],
  },
  {
    name: 'believe the bytes of a small object',
    edits: [
      inDownload(
        'transfer/memoryReading.ts',
        'if (hasher.of(bytes) !== BigInt(crc64)) {',
        'if (hasher.of(bytes) === BigInt(-1)) {',
      ),
    ],
  },
  {
    name: 'believe that a small object is the one that was listed',
    edits: [
      inDownload('transfer/memoryReading.ts', '      ...defined({ validator }),\n', ''),
      inDownload('transfer/memoryReading.ts', '    requireSameObject({ sizeBytes, etag }, object);\n', ''),
    ],
  },
  {
    name: 'do not sync a small object before the rename',
    edits: [
      inDownload('transfer/smallDownload.ts', '    await file.sync(signal);\n', '    signal.throwIfAborted();\n'),
    ],
  },
  {
    name: 'keep bytes that were only lent',
    edits: [inDownload('transfer/firstRequest.ts', 'const copy = Uint8Array.from(chunk);', 'const copy = chunk;')],
  },
  {
    name: 'take what was asked for first for the whole first part',
    edits: [
      inDownload(
        'transfer/firstRequest.ts',
        'if (object.ranges && (isWhole || ledger.isComplete(index))) {',
        'if (object.ranges && (isWhole || ledger.bytesOf(index) > 0)) {',
      ),
    ],
  },
  {
    name: 'forget how the object was cut',
    edits: [
      inDownload(
        'transfer/openTransfer.ts',
        'planOf(object.sizeBytes, object.partSizeBytes, object.coarseParts), checkpoint);\n  const file',
        'planOf(object.sizeBytes, object.partSizeBytes), checkpoint);\n  const file',
      ),
    ],
  },
  {
    name: 'receive over what nobody has read',
    edits: [
      {
        file: 'src/oss/http/receiveBuffer.ts',
        find: '    if (this.isRead()) {\n      this.readFrom',
        replace: '    if (left < 2 * reserveBytes) {\n      this.readFrom',
      },
    ],
  },
  {
    name: 'forget that a piece of a file could not be synced',
    edits: [inDownload('files/fileSync.ts', 'this.failure ??= toError(error);', 'void error;')],
  },
  {
    name: 'write the checkpoint once in five seconds',
    edits: [inDownload('checkpoint/checkpointStore.ts', 'flushAfterMs = 500', 'flushAfterMs = 5000')],
  },
  {
    name: 'believe a garbled record of the checkpoint',
    edits: [
      inDownload(
        'checkpoint/checkpoint.ts',
        'recordCrc(bytes, at, seed) === view.getUint32(at + recordCrcAt, true) ?',
        'bytes.length > seed * 0 ?',
      ),
    ],
  },
  {
    name: 'replace what stands at the final name',
    edits: [inDownload('files/commitFile.ts', '  if (overwrite) {\n', '  if (overwrite || from !== to) {\n')],
  },
  {
    name: 'take a body that ended early for a whole one',
    edits: [
      {
        file: 'src/oss/http/httpExchange.ts',
        find: 'if (lengthBytes !== undefined && this.receivedBytes < lengthBytes) {',
        replace: 'if (lengthBytes !== undefined && this.receivedBytes < 0) {',
      },
      inDownload(
        'transfer/rangeWriter.ts',
        '} else if (this.position < this.end) {',
        '} else if (this.position < 0) {',
      ),
    ],
  },
  {
    name: 'try again without end',
    edits: [inDownload('transfer/retry.ts', 'failures > policy.retries()', 'failures > policy.retries() * 1000')],
  },
  {
    name: 'keep the query of a signed URL in the checkpoint',
    edits: [
      inDownload('checkpoint/checkpointHeader.ts', "url.replace(/[?#].*$/su, '')", "url.replace(/[#].*$/su, '')"),
    ],
  },
  {
    name: 'believe the claims after a failed sync',
    edits: [inDownload('transfer/runDownload.ts', '    if (file.hasLostWrites) {', '    if (lease.lost.aborted) {')],
  },
  {
    name: 'seal what was never synced',
    edits: [
      inDownload(
        'files/partFile.ts',
        'sealFile(this.handle) : noSeal',
        'sealFile(this.handle) : sealFile(this.handle)',
      ),
    ],
  },
  {
    name: 'compare the numbers of files as doubles',
    edits: [
      inDownload(
        'files/commitFile.ts',
        'a.ino !== 0n && a.ino === b.ino && a.dev === b.dev',
        'Number(a.ino) === Number(b.ino) && a.dev === b.dev',
      ),
    ],
  },
  {
    name: 'give the final name without asking who owns the download',
    edits: [inDownload('files/partFile.ts', '    requireOwned();\n    await onDisk(target', '    await onDisk(target')],
  },
  {
    name: 'write without asking who owns the download by now',
    edits: [inDownload('files/partFile.ts', '      requireOwned?.();\n', '')],
  },
  {
    name: 'perform a request of another window however old it is',
    edits: [
      inDownload(
        'windows/otherWindows.ts',
        'Math.abs(this.clock.wallMs() - askedMs) < expiresAfterMs',
        '!Number.isNaN(askedMs)',
      ),
    ],
  },
  {
    name: 'grant all network waits again for any byte',
    edits: [
      inDownload(
        'queue/download.ts',
        'if (this.receivedBytes - this.creditedBytes >= creditBytes) {',
        'if (bytes !== 0) {',
      ),
    ],
  },
];
