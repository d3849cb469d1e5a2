/**
 * The public list of @isinglass/cli: the command as a function, and the parts of it that a script on images can use.
 */

// The command
export { runCli } from './cli.ts';
// Images
export { cardInput } from './compile/pixel-input.ts';
export { firstItems, readImages, readTensorFile } from './images/read-images.ts';
export { readLabels } from './images/read-labels.ts';
// What a terminal shows
export { type ProgressLine, startProgress } from './output/progress.ts';
export { formatCount, formatShare, formatTable } from './output/table.ts';
// Comparing runs
export { feedForwardBackend } from './run/feed-forward-backend.ts';
export { normalisedPixels } from './run/model-input.ts';
