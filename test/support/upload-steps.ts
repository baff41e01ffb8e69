/** Where `upload-until.ts` can stop: half the bytes are here, they all are, the file is moved, the video has no job. */
export const UPLOAD_STEPS = ['append', 'probe', 'complete', 'enqueue'] as const
export type UploadStep = (typeof UPLOAD_STEPS)[number]
