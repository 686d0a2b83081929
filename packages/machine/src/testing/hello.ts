/** Assembly text that writes "hello" to the VT220 console and shuts down, as a Linux that was asked to does. */
export const HELLO_SOURCE = `
        larl %r2,sccb
        larl %r1,command
        l    %r1,0(%r1)
        servc %r1,%r2
        larl %r3,done
        lpswe 0(%r3)
command: .long 0x00760005
        .balign 4096
sccb:   .short end-sccb, 0
        .byte 0, 0, 0, 0
event:  .short end-event
        .byte 0x1a, 0
        .short 0
        .ascii "hello\\n"
end:    .balign 8
done:   .quad 0x0002000180000000, 0xfff
`;
