/** A GPS sample as GoPro's telemetry holds it. */
export interface GpsSample {
  readonly lat: number;
  readonly lng: number;
  readonly altitude: number;
  readonly speed2d: number;
  readonly speed3d: number;
  /** 0 no fix, 2 or 3 dimensions. */
  readonly fix: 0 | 2 | 3;
  readonly dop: number;
  readonly at: Date;
}

/** Writes samples as the stream of a HERO9 or 10 (GPS5, with GPSF, GPSP and GPSU beside it). */
export function gpmfWithGps5(samples: readonly GpsSample[]): Uint8Array {
  const [first] = samples as [GpsSample];
  const stamp = first.at
    .toISOString()
    .replace(/[-:TZ]/g, "")
    .slice(2, 18);
  const rows = samples.flatMap(({ lat, lng, altitude, speed2d, speed3d }) =>
    int32(lat * 1e7, lng * 1e7, altitude * 1e3, speed2d * 1e3, speed3d * 100),
  );
  return device(
    klv("STNM", "c", 1, Buffer.from("GPS (Lat., Long., Alt., 2D speed, 3D speed)", "latin1")),
    klv("GPSF", "L", 4, uint32(first.fix)),
    klv("GPSU", "U", 16, Buffer.from(stamp, "latin1")),
    klv("GPSP", "S", 2, uint16(first.dop * 100)),
    klv("GPSA", "F", 4, Buffer.from("MSLV", "latin1")),
    klv("SCAL", "l", 4, Buffer.concat(int32(1e7, 1e7, 1000, 1000, 100))),
    klv("GPS5", "l", 20, Buffer.concat(rows)),
  );
}

/** Writes samples as the stream of a HERO11 or 13 (GPS9, all in one). */
export function gpmfWithGps9(samples: readonly GpsSample[]): Uint8Array {
  const rows = samples.map((sample) => {
    const since2000 = sample.at.getTime() - Date.UTC(2000, 0, 1);
    const days = Math.floor(since2000 / 86_400_000);
    return Buffer.concat([
      ...int32(sample.lat * 1e7, sample.lng * 1e7, sample.altitude * 1e3, sample.speed2d * 1e3, sample.speed3d * 100),
      ...int32(days, since2000 - days * 86_400_000),
      uint16(sample.dop * 100),
      uint16(sample.fix),
    ]);
  });
  return device(
    klv("STNM", "c", 1, Buffer.from("GPS (Lat., Long., Alt., 2D, 3D, days, secs, DOP, fix)", "latin1")),
    klv("TYPE", "c", 1, Buffer.from("lllllllSS", "latin1")),
    klv("SCAL", "l", 4, Buffer.concat(int32(1e7, 1e7, 1000, 1000, 100, 1, 1000, 100, 1))),
    klv("GPS9", "?", 32, Buffer.concat(rows)),
  );
}

/** Puts telemetry into a JPEG as an APP6 segment, after its start marker. */
export function withApp6(jpeg: Uint8Array, gpmf: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from("GoPro\0", "latin1"), gpmf]);
  const head = Buffer.from([0xff, 0xe6, (body.length + 2) >> 8, (body.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

function device(...stream: Buffer[]): Buffer {
  const parts = [
    klv("DVID", "L", 4, uint32(1)),
    klv("DVNM", "c", 1, Buffer.from("HERO", "latin1")),
    klv("STRM", "\0", 1, Buffer.concat(stream)),
  ];
  return klv("DEVC", "\0", 1, Buffer.concat(parts));
}

function klv(key: string, type: string, size: number, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(key, 0, "latin1");
  head.write(type, 4, "latin1");
  head.writeUInt8(size, 5);
  head.writeUInt16BE(data.length / size, 6);
  return Buffer.concat([head, data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}

const int32 = (...values: number[]): Buffer[] =>
  values.map((value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(Math.round(value));
    return bytes;
  });

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(Math.round(value));
  return bytes;
}
