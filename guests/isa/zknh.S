// Zknh: SHA-2 (unprivileged manual, "Scalar Cryptography").
// cc: -nostdlib
#include "check.h"
    .option arch, +zknh

    begin

    unary sha256sig0, 0x1, 0x2004000
    unary sha256sig0, 0xffffffffffffffff, 0x1fffffff
    unary sha256sig0, 0x80000000, 0x11002000
    unary sha256sig0, 0xc004e6b54736206e, 0x5c733980
    unary sha256sig0, 0xe26bf620f51632a0, 0xffffffffd3e0d774
    unary sha256sig0, 0xd166ae98d4f03d71, 0xfffffffff66b92e8
    unary sha256sig0, 0x7badbd266537fc9b, 0xffffffffc54a4927
    unary sha256sig1, 0x1, 0xa000
    unary sha256sig1, 0xffffffffffffffff, 0x3fffff
    unary sha256sig1, 0x80000000, 0x205000
    unary sha256sig1, 0x9f14b8e91caba67d, 0xffffffffa7f60729
    unary sha256sig1, 0xd39c231c2b46e450, 0xffffffffaea8c172
    unary sha256sig1, 0xcf532da830350ba3, 0x24a9f35e
    unary sha256sig1, 0x9c7f3354a541016b, 0xffffffffa0b1f648
    unary sha256sum0, 0x1, 0x40080400
    unary sha256sum0, 0xffffffffffffffff, 0xffffffffffffffff
    unary sha256sum0, 0x80000000, 0x20040200
    unary sha256sum0, 0x45a424679a4abd53, 0x26fb3368
    unary sha256sum0, 0xeb539e9a751a2f69, 0x4eb086df
    unary sha256sum0, 0xda260524f2d75607, 0x11d25cf0
    unary sha256sum0, 0x43652d40265cacb1, 0x5eacdd50
    unary sha256sum1, 0x1, 0x4200080
    unary sha256sum1, 0xffffffffffffffff, 0xffffffffffffffff
    unary sha256sum1, 0x80000000, 0x2100040
    unary sha256sum1, 0x783b741cb324f434, 0xffffffffc620ed17
    unary sha256sum1, 0x25600dd0bbedbbe7, 0x14c53885
    unary sha256sum1, 0x6ec081b29646fe64, 0x7db4e16d
    unary sha256sum1, 0xf78776613bcb7155, 0xffffffff9bf0fe36
    unary sha512sig0, 0x1, 0x8100000000000000
    unary sha512sig0, 0xffffffffffffffff, 0x1ffffffffffffff
    unary sha512sig0, 0x80000000, 0x41800000
    unary sha512sig0, 0xbfcfe4aab8c0041f, 0xc127a278a3a94203
    unary sha512sig0, 0x22a13f84c96cde86, 0x97377c82e9edda20
    unary sha512sig0, 0x47d7314052c62eef, 0x4c23e1f3e9945d04
    unary sha512sig0, 0x464231c8e7cfdc05, 0xa6ebdeb62acfbe66
    unary sha512sig1, 0x1, 0x200000000008
    unary sha512sig1, 0xffffffffffffffff, 0x3ffffffffffffff
    unary sha512sig1, 0x80000000, 0x402001000
    unary sha512sig1, 0xa4bc8a9ff98a9b84, 0x7406324222e1097a
    unary sha512sig1, 0xbff82bead4a674e0, 0x33a2a8060b1c6442
    unary sha512sig1, 0xbb14fe05ae3aa36c, 0x8e2634b7f8ad442f
    unary sha512sig1, 0x7edf08edff8729aa, 0x12367497aadaee05
    unary sha512sum0, 0x1, 0x1042000000
    unary sha512sum0, 0xffffffffffffffff, 0xffffffffffffffff
    unary sha512sum0, 0x80000000, 0x2100000000000008
    unary sha512sum0, 0x68f317b8df9df1e6, 0xbf8759fcd9dc584c
    unary sha512sum0, 0xcd2da8f0407913af, 0xf70f8c307e0bbe69
    unary sha512sum0, 0xb0a6da4d36a71bea, 0xbdb5366673255ff4
    unary sha512sum0, 0x7c03caf1aad2ff6a, 0x24ceec838bc45a33
    unary sha512sum1, 0x1, 0x4400000800000
    unary sha512sum1, 0xffffffffffffffff, 0xffffffffffffffff
    unary sha512sum1, 0x80000000, 0x40000000022000
    unary sha512sum1, 0xc42f30c4bdd0f683, 0x85f109cc4ec1cfaf
    unary sha512sum1, 0x41d8d5d6cff272bd, 0xbd3dae2c3c8e605f
    unary sha512sum1, 0xc628b9452eb4fc49, 0x6ca23356efa6e522
    unary sha512sum1, 0xecd96469661e554a, 0xf4ca07796dc9ad4c

    end
