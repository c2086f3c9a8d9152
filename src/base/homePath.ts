/** Expands a leading `~` to the home folder. @param home absolute path of that folder */
export function withHome(path: string, home: string): string {
  return path.replace(/^~(?=$|[\\/])/, () => home);
}
