const secretParameters =
  'signature|x-oss-signature|x-oss-credential|x-oss-security-token|security-token|ossaccesskeyid|x-amz-signature|' +
  'x-amz-credential|x-amz-security-token|accesskeysecret|access_key_secret|token|sig';
const parameter = new RegExp(`\\b(${secretParameters})(=|%3d)[^&\\s"'<>]*`, 'gi');
const header = /\b((?:proxy-)?authorization|x-oss-security-token|cookie)(["']?\s*:\s*["']?)[^"'\r\n]*/gi;
const userInfo = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/?#\s@]+@/gi;

/** Removes everything that looks like a credential: signed queries, authorization headers, `user:password@`. */
export function redact(text: string): string {
  return text.replace(parameter, '$1$2…').replace(header, '$1$2…').replace(userInfo, '$1…@');
}
