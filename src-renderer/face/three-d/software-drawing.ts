/** Drivers that draw with the processor: SwiftShader (Chromium), llvmpipe (Mesa), Basic Render (Windows). */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|basic render|software/i;

/** True when WebGL has no graphics card behind it. Asked of a context of its own, because smooth edges must be chosen before a canvas has one. */
export function drawsBySoftware(): boolean {
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (context === null) return false;
  const details = context.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = details === null ? '' : context.getParameter(details.UNMASKED_RENDERER_WEBGL);
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return SOFTWARE.test(String(name));
}
