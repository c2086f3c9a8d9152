import { findProgram } from '../../../../scripts/support/programs.ts';
import { Peer } from './peer.ts';
import type { PeerProgram } from './peerProgram.ts';

/**
 * Runs the server around the tests of the `describe` that calls this. Where it is not installed they are skipped, with
 * a line that says so; with REQUIRE_PEERS=1 in the environment, as in CI, they fail instead.
 * @returns the running server, for use inside tests
 */
export function usePeer(program: PeerProgram): () => Peer {
  let peer: Peer | undefined;
  before(`start ${program.name}`, async function () {
    const executable = findProgram(program.candidates);
    if (executable === undefined) {
      const missing = `${program.name} is not installed (Debian package ${program.debianPackage})`;
      if (process.env['REQUIRE_PEERS'] === '1') {
        throw new Error(`${missing}, and REQUIRE_PEERS=1 asks for it`);
      }
      console.log(`skipped: ${missing}`);
      this.skip();
    }
    peer = await Peer.start(program, executable);
  });
  after(`stop ${program.name}`, () => peer?.stop());
  return () => {
    if (peer === undefined) {
      throw new Error(`${program.name} is not running: use it inside tests only`);
    }
    return peer;
  };
}
