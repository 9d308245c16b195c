/** Why a hall server cannot start, in words for whoever starts it. */

export type HallFaultCode =
  | 'listen-invalid' // not HOST:PORT
  | 'port-taken'
  | 'address-unusable' // not of this machine, or not permitted
  | 'folder-unwritable'
  | 'sealing-keys-damaged' // or missing beside a store
  | 'content-invalid'
  | 'no-profile' // no province profile of that name
  | 'no-hall-here' // a command was given a folder without a hall

export class HallError extends Error {
  readonly code: HallFaultCode

  constructor(code: HallFaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HallError'
    this.code = code
  }
}
