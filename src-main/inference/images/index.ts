export type { ImageGenerator } from './image-generator.ts';
export { imagesSettings } from './images-config.ts';
export { createImageGenerator } from './images-service.ts';
