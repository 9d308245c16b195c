/** The hall server's own certificate, where no proxy brings one (`--tls-cert`, `--tls-key`). */
import { readTlsFiles, type TlsFiles, type TlsText } from '../tls-files.ts'
import { HallError } from './fault.ts'

export type { TlsFiles, TlsText } from '../tls-files.ts'

/** @throws HallError `tls-invalid` */
export function readTls(files: TlsFiles): TlsText {
  const read = readTlsFiles(files)
  if (!read.ok) throw new HallError('tls-invalid', read.message)
  return read.tls
}
