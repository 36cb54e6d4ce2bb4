// Zkne: AES encryption (unprivileged manual, "Scalar Cryptography").
// cc: -nostdlib
#include "check.h"
    .option arch, +zkne

    begin

    two aes64es, 0x5b8e9f209241f543, 0x6dc7a6134649c3a5, 0x4fc62eb73c3bdb1a
    two aes64es, 0xe5fba3a19e0af345, 0x2bd26a22f215b706, 0xbb5a932f1590a6e
    two aes64es, 0xe464ed6e5d6ac0aa, 0xe28715608f4b8505, 0x4c17979f98b355ac
    two aes64es, 0x6e761b6d02cf12fa, 0xead150a8d530093f, 0x773e013c8704af2d
    two aes64es, 0xd71591596e4a0f05, 0x8cec61d73031d09, 0x9f8ba4cb307b816b
    two aes64es, 0x840f8328f78b385f, 0x178e1f18bfee7a28, 0x6819da34f028eccf
    two aes64esm, 0xa1c4ea4f55675967, 0x88df3ef5cca4ecc6, 0x24724638c9c78f0e
    two aes64esm, 0xff962e112524bda0, 0xf5d53dd220d3bb91, 0xa2f7706bb2cce08
    two aes64esm, 0xb31d0eaec760e01, 0x645b5009bbfdb211, 0x1b8b6cbb2661237f
    two aes64esm, 0xa8dae9158921f347, 0x79c617654c0812e2, 0xc311b0e1a21f7aff
    two aes64esm, 0x8a4bdc888635cdea, 0x7b0ed42eb50f5152, 0xa594df14208e2bd3
    two aes64esm, 0x6b8efc4044a91497, 0xda435404a10837dc, 0xad8a13a6ada1f4a7
    two aes64ks2, 0x770257e932d49d43, 0x6d1cee8b23b813b, 0xc3e8183ac539d6d2
    two aes64ks2, 0xed7ecb693a617a61, 0x1dbe6665c6b006d7, 0x3670abdb2bcecdbe
    two aes64ks2, 0xf0e9709c10319203, 0x57d4a96c2dd9d998, 0x8ae40068dd30a904
    two aes64ks2, 0xab364ca29eb51fc8, 0x7ba2b00b58d32aae, 0x8847d607f3e5660c
    two aes64ks2, 0x1d9dde19d6f52725, 0x3ee7bc5b32c116a6, 0x11bb74e42f5cc8bf
    two aes64ks2, 0x6b7313cbc6ab7355, 0x15c97597732a3d47, 0xd905b1b18592e8c
    one aes64ks1i, 0x7c7443dee943ea70, 0, 0x1d10921b1d10921b
    one aes64ks1i, 0x48562a1a570b5e06, 1, 0xa252b1e7a252b1e7
    one aes64ks1i, 0x18fb385e005009a8, 2, 0x58ad0f0358ad0f03
    one aes64ks1i, 0x9c90cd3fd0bb6e2, 3, 0x6601ddf66601ddf6
    one aes64ks1i, 0x3873346f7559cb52, 4, 0xa8078f08a8078f08
    one aes64ks1i, 0x26acc3d5b8c233f3, 5, 0x3f7910e03f7910e
    one aes64ks1i, 0x1f4b09b96e9bdcd, 6, 0x147cbfa7147cbfa7
    one aes64ks1i, 0x6317b74b510a1b46, 7, 0xb3fbf029b3fbf029
    one aes64ks1i, 0xe21213e17af35d87, 8, 0xf898c966f898c966
    one aes64ks1i, 0x193a26cc1d3c3d61, 9, 0x4bd480c14bd480c1
    one aes64ks1i, 0x72ccb9f2f39cfaa7, 10, 0x404b5689404b5689

    end
