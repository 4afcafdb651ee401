// ruleid: jwt-not-verified
const claims = decodeJwt(token);
// ruleid: jwt-not-verified
const { sub } = jwt.decode(token);
// ruleid: jwt-not-verified
jwt.verify(token, key, { algorithms: ["RS256", "none"] });
// ruleid: jwt-not-verified
jwt.verify(token, key, { ignoreExpiration: true, issuer });
// ok: jwt-not-verified
const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms: ["ES256"] });
// ok: jwt-not-verified
jwt.verify(token, key, { algorithms: ["RS256"], issuer });
// ok: jwt-not-verified
const text = utf8.decode(token);
