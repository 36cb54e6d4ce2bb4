// Zknd: AES decryption (unprivileged manual, "Scalar Cryptography").
// cc: -nostdlib
#include "check.h"
    .option arch, +zknd

    begin

    two aes64ds, 0x902e6a7135caae72, 0x83f972c71e0af55d, 0xe969be2c96a31e1e
    two aes64ds, 0x705551bf8fcc69bf, 0x5f06ed421f8164f6, 0xcba5e4f4d09153f4
    two aes64ds, 0xd46faaf010043659, 0x3dfb17db775b6231, 0x263241719578715
    two aes64ds, 0xf319973d58d0a6d3, 0xb8f23f0307f5d083, 0x3804c58b7e7725a9
    two aes64ds, 0x5a03aca2be5f9597, 0x975d24dc59f247a4, 0x158dad1a4604a685
    two aes64ds, 0xc5320b5d09b1f2c9, 0xe25789fd467625bd, 0x98da048d070ff212
    two aes64dsm, 0x838c8db5663b2036, 0x2f1e5771c4041ccf, 0xff59f6b74a19d408
    two aes64dsm, 0x1e17a8d14292960c, 0x423ea72db3f86db1, 0xd3874ae0a26ac20a
    two aes64dsm, 0x4245d8a78402241e, 0x15f56c9a406e1172, 0x83c90363580dc97e
    two aes64dsm, 0x6684730545602e51, 0x16e9be9a2d14149e, 0x1815f21bc3d58efa
    two aes64dsm, 0x64c56cf98b5e1b7, 0x1c18fdee300c3ed2, 0xdc0c297a846d4a86
    two aes64dsm, 0xbad0b09ad3526162, 0x8d6adc727f429d43, 0x4fff5f333f8b70ca
    unary aes64im, 0xeb5555acb1b7191d, 0xe2b2d2c57637da99
    unary aes64im, 0xd4f39a4cc8a70a0e, 0xe44f530964f5708a
    unary aes64im, 0xa46fb5743b258878, 0x1d404db98a9ec33
    unary aes64im, 0xb04451e592639ff8, 0xc573a452388a0226
    unary aes64im, 0x2b82c614156efc8a, 0x422b594bdc402fbe
    unary aes64im, 0x6e5e35bc9a93b298, 0xa09d92161e8d70c0

    end
