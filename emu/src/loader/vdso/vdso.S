// The guest's vDSO. After a change, rebuild vdso.so with the command at the top of ../vdso.rs; a test compares the two.

#define SYS_clock_gettime 113
#define SYS_clock_getres 114
#define SYS_rt_sigreturn 139
#define SYS_getcpu 168
#define SYS_gettimeofday 169
#define SYS_riscv_hwprobe 258
#define SYS_riscv_flush_icache 259

// Offsets from sp in the handler's frame, `struct rt_sigframe`: siginfo is 128 bytes long, the registers are 176 bytes into the ucontext.
#define FRAME_PC 304
#define FRAME_X(n) (FRAME_PC + 8 * (n))
#define FRAME_F(n) (FRAME_PC + 256 + 8 * (n))

#define DW_CFA_def_cfa_expression 0x0f
#define DW_CFA_expression 0x10
#define DW_OP_breg2 0x72
#define DW_OP_deref 0x06
#define SLEB(n) (((n) & 0x7f) | 0x80), ((n) >> 7)

// Register `column` is saved at sp + `offset`.
.macro saved column, offset
	.cfi_escape DW_CFA_expression, \column, 3, DW_OP_breg2, SLEB(\offset)
.endm

	.option norvc
	.text
	.balign 16

	// An unwinder looks up the address before a return address, so the frame's description begins one instruction early.
	.cfi_sections .eh_frame
	.cfi_startproc
	.cfi_signal_frame
	.cfi_return_column 64
	.cfi_escape DW_CFA_def_cfa_expression, 4, DW_OP_breg2, SLEB(FRAME_X(2)), DW_OP_deref
	saved 64, FRAME_PC
	.set n, 1
	.rept 31
	.if n != 2
	saved n, FRAME_X(n)
	.endif
	.set n, n + 1
	.endr
	.set n, 0
	.rept 32
	saved (32 + n), FRAME_F(n)
	.set n, n + 1
	.endr
	nop
	.globl __vdso_rt_sigreturn
	.type __vdso_rt_sigreturn, @function
__vdso_rt_sigreturn:
	// gdb knows a signal frame by these two words, 0x08b00893 0x00000073.
	li a7, SYS_rt_sigreturn
	ecall
	.size __vdso_rt_sigreturn, . - __vdso_rt_sigreturn
	.cfi_endproc

// A function that is only its system call.
.macro call name, number
	.globl __vdso_\name
	.type __vdso_\name, @function
	.balign 16
__vdso_\name:
	.cfi_startproc
	li a7, \number
	ecall
	ret
	.cfi_endproc
	.size __vdso_\name, . - __vdso_\name
.endm

	call clock_gettime, SYS_clock_gettime
	call clock_getres, SYS_clock_getres
	call gettimeofday, SYS_gettimeofday
	call getcpu, SYS_getcpu
	call flush_icache, SYS_riscv_flush_icache
	call riscv_hwprobe, SYS_riscv_hwprobe

	.section .note.GNU-stack, "", @progbits
