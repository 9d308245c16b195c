/** What a device started as a child tells the process that started it, over Node's IPC. */

export type DeviceNews =
  | { ready: true; screenUrl: string; windowUrl: string | null }
  | { ready: false; code: string; message: string }

/** False when there is no parent to tell. */
export const tellParent = (news: DeviceNews): boolean => {
  if (process.send === undefined) return false
  // A parent that has just gone is no fault: `disconnect` stops the device.
  if (process.connected) process.send(news, undefined, {}, () => {})
  return true
}

/** Gives how to let go of the parent, which otherwise keeps this process alive. */
export const onParentGone = (stop: () => void): (() => void) => {
  if (process.send === undefined) return () => {}
  process.once('disconnect', stop)
  return () => {
    process.off('disconnect', stop)
    if (process.connected) process.disconnect()
  }
}
