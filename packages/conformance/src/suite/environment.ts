/** Where the suite ran, as far as the runtime says: part of the report, never of the claim. */
export function environment(): Readonly<Record<string, string>> {
  const { process, navigator } = globalThis as {
    process?: { readonly version?: string; readonly platform?: string; readonly arch?: string };
    navigator?: { readonly userAgent?: string; readonly hardwareConcurrency?: number };
  };
  const node = process?.version === undefined ? {} : { node: process.version };
  const platform =
    process?.platform === undefined ? {} : { platform: `${process.platform} ${process.arch ?? ''}`.trim() };
  const agent =
    process?.version !== undefined || navigator?.userAgent === undefined ? {} : { browser: navigator.userAgent };
  const cores = navigator?.hardwareConcurrency === undefined ? {} : { cores: String(navigator.hardwareConcurrency) };
  return { ...node, ...platform, ...agent, ...cores };
}
