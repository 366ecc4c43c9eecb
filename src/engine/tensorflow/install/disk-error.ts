import { DynotuneError } from '../../../errors.ts'

/** What the file system says of a folder that an installation cannot be written to; other errors as they are. */
export function diskError(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || error instanceof DynotuneError || !('code' in error)) return error
  const full = error.code === 'ENOSPC' || error.code === 'EDQUOT'
  if (!full && !/^(EACCES|EPERM|EROFS|ENOTDIR)$/.test(String(error.code))) return error
  return new DynotuneError('engine.install', full ? 'The disk is full.' : 'The folder cannot be written to.', {
    path: folder,
    value: error.code,
    remedy: full ? 'free 2 GB, or 10 GB for a GPU' : "see the folder's owner and mode",
    cause: error,
  })
}
