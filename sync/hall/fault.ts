/** Why a hall server cannot start, in words for whoever starts it. */

export type HallFaultCode =
  | 'listen-invalid' // not HOST:PORT
  | 'port-taken'
  | 'address-unusable' // not of this machine, or not permitted
  | 'folder-unwritable'
  | 'sealing-keys-damaged' // or missing beside a store
  | 'sealing-keys-busy' // being rotated
  | 'sealing-keys-forbidden' // another user's, or in a folder of one
  | 'sealing-keys-unwritable' // a full or failing disk
  | 'sealing-keys-lacking' // one that the hall's devices have sealed for is not among them
  | 'tls-invalid'
  | 'content-invalid'
  | 'content-not-written'
  | 'no-such-staff'
  | 'configuration-invalid' // hall.json
  | 'no-profile' // no province profile of that name
  | 'no-such-device'
  | 'setup-file' // of a device's configuration: not there, or not for this hall
  | 'technician-key-damaged'
  | 'technician-key-unusable'
  | 'file-unwritable'
  | 'report-unknown' // no rating of a case under that name
  | 'report-state' // what is asked does not fit what has become of it
  | 'label-unknown' // not of the rating's level
  | 'reason-empty' // neither label nor words, or too many
  | 'feedback-damaged' // what says which reports are closed
  | 'no-such-token'
  | 'token-name-taken'
  | 'no-hall-here' // a command was given a folder without a hall

export class HallError extends Error {
  readonly code: HallFaultCode

  constructor(code: HallFaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HallError'
    this.code = code
  }
}
