import sharp from "sharp";

/** A program that says which programs of its platform it found, after it has used them. */
const picture = sharp({ create: { width: 640, height: 480, channels: 3, background: "teal" } });
const webp = await picture.clone().resize(320).webp().toBuffer();
const { width, height, format } = await sharp(webp).metadata();
console.log(JSON.stringify({ arch: process.arch, vips: sharp.versions.vips, width, height, format }));
