/** A path that may begin with `~`, as people write the home folder. @param home absolute path of that folder */
export function withHome(path: string, home: string): string {
  return path.replace(/^~(?=$|[\\/])/, () => home);
}
