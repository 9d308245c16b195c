/**
 * SDT frames in bare 64-byte HID reports (DEVICES §1.6, "raw"): a frame fills as many reports as it needs, the
 * last one is filled up with zeros. A reader's reports are joined by FrameParser, which is told of the padding.
 */

/** The reports of one frame, without a report id. */
export function rawReports(frame: Uint8Array, reportBytes: number): Uint8Array[] {
  const reports: Uint8Array[] = []
  for (let at = 0; at < frame.length; at += reportBytes) {
    const report = new Uint8Array(reportBytes)
    report.set(frame.subarray(at, at + reportBytes), 0)
    reports.push(report)
  }
  return reports
}
