/** The statements of evaluations.ts, in the SQL that both engines understand. */

/** What was to be asked goes with its end. */
const ENDED = `service_key = NULL, question = NULL`

const ORPHANED = `UPDATE evaluations SET state = 'cancelled', refusal = 'pad-offline', closed_at = ?, ${ENDED}
  WHERE closed_at IS NULL AND state = 'offered'`

/** Open still, for the pad's last word; but asked by nobody any more. */
const OVER = `UPDATE evaluations SET ${ENDED} WHERE closed_at IS NULL AND service_key IS NOT NULL`

const OPEN = `SELECT * FROM evaluations WHERE closed_at IS NULL`

export const evaluationQueries = {
  /** window */
  padsAt: `SELECT devices.device_id, statuses.at FROM devices
    LEFT JOIN statuses ON statuses.device_id = devices.device_id
    WHERE role = 'pad' AND "window" = ? AND revoked_at IS NULL ORDER BY number DESC`,
  /** id, device, service, question, now */
  add: `INSERT INTO evaluations (id, device_id, service_key, question, state, asked_at)
    VALUES (?, ?, ?, ?, 'offered', ?) ON CONFLICT DO NOTHING`,
  /** device, service */
  same: `SELECT * FROM evaluations WHERE device_id = ? AND service_key = ?`,
  /** id, token, now */
  addAsker: `INSERT INTO evaluation_askers (id, token_hash, asked_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
  read: `SELECT * FROM evaluations WHERE id = ?`,
  /** id, token */
  readFor: `SELECT evaluations.*, devices.revoked_at FROM evaluations
    JOIN evaluation_askers ON evaluation_askers.id = evaluations.id
    LEFT JOIN devices ON devices.device_id = evaluations.device_id
    WHERE evaluations.id = ? AND evaluation_askers.token_hash = ?`,
  /** refusal, now, id */
  giveUp: `UPDATE evaluations SET state = 'cancelled', refusal = ?, closed_at = ?, ${ENDED}
    WHERE id = ? AND state = 'offered'`,
  /** now, id */
  cancel: `UPDATE evaluations SET cancel_asked_at = ?
    WHERE id = ? AND closed_at IS NULL AND cancel_asked_at IS NULL`,
  /** now, id, device, offered after */
  take: `UPDATE evaluations SET state = 'waiting', taken_at = ?
    WHERE id = ? AND device_id = ? AND state = 'offered' AND asked_at > ?`,
  /** state, refusal, now, id, device */
  end: `UPDATE evaluations SET state = ?, refusal = ?, closed_at = ?, ${ENDED}
    WHERE id = ? AND device_id = ? AND closed_at IS NULL`,
  /** now, device, offered until */
  orphanedOf: `${ORPHANED} AND device_id = ? AND asked_at <= ?`,
  /** now, offered until */
  orphaned: `${ORPHANED} AND asked_at <= ?`,
  /** device, asked until */
  overOf: `${OVER} AND device_id = ? AND asked_at <= ?`,
  /** asked until */
  over: `${OVER} AND asked_at <= ?`,
  /** device, offered after */
  openOf: `${OPEN} AND device_id = ? AND (state <> 'offered' OR asked_at > ?) ORDER BY asked_at, id`,
  /** offered after */
  unanswered: `${OPEN} AND ((state = 'offered' AND asked_at > ?) OR cancel_asked_at IS NOT NULL) ORDER BY asked_at, id`,
  /** asked until */
  forget: `DELETE FROM evaluations WHERE asked_at <= ?`,
  forgetAskers: `DELETE FROM evaluation_askers WHERE asked_at <= ?`,
} as const
