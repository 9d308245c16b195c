/** Why a device cannot start: a stable code, and one line for the technician saying what to do. */
export type DeviceErrorCode =
  | 'configuration'
  | 'data-folder'
  | 'port-taken'
  | 'address-not-here'
  | 'port-forbidden'
  | 'store'
  | 'identity'

export class DeviceError extends Error {
  readonly code: DeviceErrorCode

  constructor(code: DeviceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DeviceError'
    this.code = code
  }
}
