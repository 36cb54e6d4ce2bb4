# Calls, returns that do not match them, and jumps that go to many places. The exit status is the number of the check that failed.
 .option norelax
 .globl _start
_start:
 lla sp, top
 # 1: deeper than the engine remembers.
 li s11, 1
 li a0, 50
 call sum
 li t0, 1275
 bne a0, t0, fail
 # 2: back over two frames at once, then an ordinary return.
 li s11, 2
 call outer
 li t0, 7
 bne a0, t0, fail
 # 3: a return that no call was made for, to the next instruction, with the lowest bit set.
 li s11, 3
 lla ra, 1f + 1
 ret
 j fail
1:
 # 4: with an offset.
 li s11, 4
 lla ra, 1f - 8
 jalr x0, 8(ra)
 j fail
1:
 # 5: a call that writes another register leaves ra alone.
 li s11, 5
 call through
 li t0, 3
 bne a0, t0, fail
 # 6: a call by ra itself writes it after it was read.
 li s11, 6
 lla ra, identity
 li a0, 9
 jalr ra, 0(ra)
 li t0, 9
 bne a0, t0, fail
 # 7: returns in a loop to the same place, which calls do not come from.
 li s11, 7
 li s0, 100
1:
 lla ra, 2f
 addi s0, s0, -1
 ret
 j fail
2:
 bnez s0, 1b
 # 8: the link is right in the short and in the long form, of direct and of computed calls.
 li s11, 8
 lla t3, link
 c.jalr t3
3:
 lla t0, 3b
 bne a0, t0, fail
 jalr ra, 0(t3)
3:
 lla t0, 3b
 bne a0, t0, fail
 jal link
3:
 lla t0, 3b
 bne a0, t0, fail
 addi a1, a1, 1
 jal link
3:
 lla t0, 3b
 bne a0, t0, fail
 # 9: one jump to twenty places, in an order that does not repeat for long, and calls from three sites to the same places.
 li s11, 9
 li s0, 2000
 li s1, 1
 li s2, 0
 li s3, 0
1:
 li t0, 1103515245
 mul s1, s1, t0
 addi s1, s1, 1237
 srli t1, s1, 16
 andi t1, t1, 0xff
 li t0, 20
 remu t1, t1, t0
 add s3, s3, t1
 slli t2, t1, 4
 lla t0, places
 add t0, t0, t2
 andi t2, s0, 3
 beqz t2, 2f
 addi t2, t2, -1
 beqz t2, 3f
 addi t2, t2, -1
 beqz t2, 4f
 lla ra, 5f
 jr t0
2:
 jalr ra, 0(t0)
 j 5f
3:
 c.jalr t0
 j 5f
4:
 jalr ra, 1(t0)
5:
 addi s0, s0, -1
 bnez s0, 1b
 bne s2, s3, fail
 # 10: a jump goes where it went before, to code that has changed meanwhile.
 li s11, 10
 li s0, 40
 li s2, 0
1:
 lla t0, changing
 jalr ra, 0(t0)
 lla t1, addition
 andi t2, s0, 1
 slli t2, t2, 2
 add t1, t1, t2
 lw t1, 0(t1)
 sw t1, 0(t0)
 fence.i
 addi s0, s0, -1
 bnez s0, 1b
 # 1 at first, then what was written last: 2 after even counts, 3 after odd ones.
 li t0, 1 + 20 * 2 + 19 * 3
 bne s2, t0, fail
 li s11, 0
fail:
 mv a0, s11
 li a7, 93
 ecall

sum:
 beqz a0, 1f
 addi sp, sp, -16
 sd ra, 8(sp)
 sd a0, 0(sp)
 addi a0, a0, -1
 call sum
 ld t0, 0(sp)
 ld ra, 8(sp)
 add a0, a0, t0
 addi sp, sp, 16
1:
 ret

outer:
 mv s1, ra
 call inner
 j fail
inner:
 call innermost
 j fail
innermost:
 li a0, 7
 mv ra, s1
 ret

through:
 li a0, 1
 jal t0, more
 addi a0, a0, 1
 ret
more:
 addi a0, a0, 1
 jr t0

identity:
 ret

link:
 mv a0, ra
 ret

 # Sixteen bytes each: the n-th adds n.
 .balign 16
places:
 .set n, 0
 .rept 20
 .balign 16
 addi s2, s2, n
 ret
 .set n, n + 1
 .endr

addition:
 .option push
 .option norvc
 addi s2, s2, 2
 addi s2, s2, 3
 .option pop

 .section .changing, "awx"
 .balign 4
changing:
 .option push
 .option norvc
 addi s2, s2, 1
 ret
 .option pop

 .bss
 .balign 16
 .space 4096
top:
