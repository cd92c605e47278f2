/** A still picture and how long it is shown, in milliseconds. */
export interface Frame {
  /** A WebP file of the picture's full size, without transparency. */
  readonly image: Buffer;
  readonly duration: number;
}

/** Joins stills of one size into an animated WebP that loops forever (RFC 9649). */
export function animateWebp(frames: readonly Frame[], size: { width: number; height: number }): Buffer {
  const ANIMATED = 0b10;
  const extent = Buffer.concat([uint24(size.width - 1), uint24(size.height - 1)]);
  const chunks = [
    chunk('VP8X', Buffer.concat([Buffer.from([ANIMATED, 0, 0, 0]), extent])),
    chunk('ANIM', Buffer.alloc(6)),
    ...frames.map(({ image, duration }) => {
      const place = uint24(0);
      // The stills are opaque, so nothing is blended.
      const OPAQUE = Buffer.from([0b10]);
      return chunk(
        'ANMF',
        Buffer.concat([place, place, extent, uint24(Math.round(duration)), OPAQUE, bitstream(image)]),
      );
    }),
  ];
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
  return Buffer.concat([Buffer.from('RIFF'), uint32(body.length), body]);
}

/** The chunk that holds the picture itself. */
function bitstream(image: Buffer): Buffer {
  for (let at = 12; at < image.length; ) {
    const name = image.toString('latin1', at, at + 4);
    const end = at + 8 + image.readUInt32LE(at + 4);
    const padded = end + (end % 2);
    if (name === 'VP8 ' || name === 'VP8L') return image.subarray(at, padded);
    at = padded;
  }
  throw new Error('There is no picture in this WebP file.');
}

function chunk(name: string, data: Buffer) {
  return Buffer.concat([Buffer.from(name), uint32(data.length), data, Buffer.alloc(data.length % 2)]);
}

function uint32(value: number) {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function uint24(value: number) {
  return uint32(value).subarray(0, 3);
}
