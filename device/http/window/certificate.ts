/** The window's own certificate: read at the start, looked at while the pad runs, renewed without a restart. */
import { filesFingerprint, reloadable } from '../../../sync/reloadable.ts'
import { expiryFault, readTlsFiles, type TlsText } from '../../../sync/tls-files.ts'
import { DeviceError } from '../../device-error.ts'
import type { Logger } from '../../log.ts'

/** A stat of two files; who has renewed them waits no longer than for a page. */
const LOOK_EVERY_MS = 5_000

export interface Certificate {
  readonly tls: TlsText
  close(): void
}

/**
 * One that has run out goes on being served and is told of: whoever checks it will not connect, and the pad still
 * takes ratings for its hall.
 * @param files paths of PEM files, as in `window.tls`
 * @throws DeviceError `configuration` when they cannot be read or do not belong together
 */
export const watchCertificate = (options: {
  files: { cert: string; key: string }
  onRenewed: (tls: TlsText) => void
  logger: Pick<Logger, 'info' | 'warn' | 'error'>
}): Certificate => {
  const { files, onRenewed, logger } = options
  const read = () => {
    const found = readTlsFiles({ certFile: files.cert, keyFile: files.key })
    if (!found.ok) throw new DeviceError('configuration', `window.tls.${found.file}: ${found.message}`)
    return found
  }
  const current = reloadable({
    load: read,
    fingerprint: () => filesFingerprint([files.cert, files.key]),
    // The two are copied one after the other.
    settle: true,
    onFault: (error) =>
      logger.error(
        { reason: error instanceof DeviceError ? error.message : 'unreadable' },
        'a changed certificate was not taken; the one before goes on',
      ),
  })
  let told: string | null = null
  const tellExpiry = (): void => {
    const fault = expiryFault(files.cert, current.value.validUntil, new Date())
    if (fault !== null && fault !== told) logger.warn(`window.tls.cert: ${fault}`)
    told = fault
  }

  tellExpiry()
  const timer = setInterval(() => {
    if (current.look()) {
      logger.info('window.tls: certificate read anew')
      onRenewed(current.value.tls)
    }
    tellExpiry()
  }, LOOK_EVERY_MS)
  timer.unref()
  return {
    get tls() {
      return current.value.tls
    },
    close: () => clearInterval(timer),
  }
}
