/** What an adapter is, in words. */

/**
 * A name for users: the device where the implementation tells it (Node), else vendor and architecture (browsers), with the
 * driver if known: `nvidia ampere`, `swiftshader-device-subzero (SwiftShader driver 5.0.0)`.
 */
export function adapterName({ info }: Pick<GPUAdapter, 'info'>): string {
  const device = info.device.replace(/-+$/, '');
  // Some give the number of the device on its bus instead.
  const named = device !== '' && !/^0x[\da-f]+$/i.test(device);
  const family = [info.vendor, info.architecture].filter((word) => word !== '').join(' ');
  const name = named ? device : family || 'unnamed GPU';
  return info.description === '' ? name : `${name} (${info.description})`;
}

/** Whether the processor computes in place of a GPU: right, but slower than the `cpu` device. */
export function isSoftware({ info }: Pick<GPUAdapter, 'info'>): boolean {
  if (info.isFallbackAdapter) return true;
  const words = [info.vendor, info.architecture, info.device, info.description].join(' ');
  return /swiftshader|llvmpipe|lavapipe|basic render/i.test(words);
}
