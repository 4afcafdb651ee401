import { dump, type IExif, insert, TagValues } from "piexif-ts";
import sharp from "sharp";

const { ImageIFD, ExifIFD, GPSIFD } = TagValues;

/** Makes a JPEG of one colour with the EXIF that is asked for. */
export async function jpegWith(exif: IExif | null, size = { width: 40, height: 30 }): Promise<Uint8Array> {
  const plain = await sharp({ create: { ...size, channels: 3, background: "#3a6ea5" } })
    .jpeg()
    .toBuffer();
  return exif ? Buffer.from(insert(dump(exif), plain.toString("latin1")), "latin1") : plain;
}

/** EXIF of a picture that can become a point: Glencoe, on 2026-05-01 at 11:20:30.250 +01:00. */
export function glencoe(changes: { image?: object; exif?: object; gps?: object } = {}): IExif {
  return {
    "0th": { [ImageIFD.Make]: "Example", [ImageIFD.Model]: "One", [ImageIFD.Orientation]: 1, ...changes.image },
    Exif: {
      [ExifIFD.DateTimeOriginal]: "2026:05:01 11:20:30",
      [ExifIFD.SubSecTimeOriginal]: "25",
      [ExifIFD.OffsetTimeOriginal]: "+01:00",
      [ExifIFD.ExposureTime]: [1, 240],
      [ExifIFD.FNumber]: [25, 10],
      [ExifIFD.ISOSpeedRatings]: 100,
      [ExifIFD.FocalLengthIn35mmFilm]: 16,
      ...changes.exif,
    },
    GPS: {
      [GPSIFD.GPSLatitudeRef]: "N",
      [GPSIFD.GPSLatitude]: sexagesimal(56.6826),
      [GPSIFD.GPSLongitudeRef]: "W",
      [GPSIFD.GPSLongitude]: sexagesimal(5.1023),
      [GPSIFD.GPSAltitudeRef]: 0,
      [GPSIFD.GPSAltitude]: [1523, 10],
      ...changes.gps,
    },
  };
}

/** Degrees, minutes and seconds to a ten-thousandth of a second, as rationals. */
export function sexagesimal(value: number): [number, number][] {
  const units = Math.round(Math.abs(value) * 36_000_000);
  return [
    [Math.floor(units / 36_000_000), 1],
    [Math.floor((units % 36_000_000) / 600_000), 1],
    [units % 600_000, 10_000],
  ];
}
