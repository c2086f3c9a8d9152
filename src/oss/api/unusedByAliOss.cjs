// Stands in, in the ali-oss bundle, for packages that ali-oss loads but that must not or need not work there:
// `urllib` (its HTTP client, replaced by ours; half a megabyte) and `debug` (it would print signed headers when DEBUG
// is set).
module.exports = () => () => undefined;
