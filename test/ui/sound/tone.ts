const RATE_HZ = 16_000
const PITCH_HZ = 440
const LOUDNESS = 8_000
const MS_PER_SECOND = 1_000
const HEADER_BYTES = 44

/** A WAV file with one quiet tone. */
export function toneWav(durationMs: number): Buffer {
  const samples = Math.round((RATE_HZ * durationMs) / MS_PER_SECOND)
  const bytes = Buffer.alloc(HEADER_BYTES + 2 * samples)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(RATE_HZ, 24)
  bytes.writeUInt32LE(2 * RATE_HZ, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(2 * samples, 40)
  for (let at = 0; at < samples; at++) {
    const value = LOUDNESS * Math.sin((2 * Math.PI * PITCH_HZ * at) / RATE_HZ)
    bytes.writeInt16LE(Math.round(value), HEADER_BYTES + 2 * at)
  }
  return bytes
}
