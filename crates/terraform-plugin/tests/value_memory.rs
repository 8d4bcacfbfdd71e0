//! What a message claims costs nothing: memory is only taken for what is really there.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use terraform_plugin::value::{Type, Value};

/// The system's allocator, which counts what each thread holds, and the most that it held at once.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(change: isize) {
    let held = HELD.get().wrapping_add(change);
    HELD.set(held);
    PEAK.set(PEAK.get().max(held));
}

fn size(layout: Layout) -> isize {
    isize::try_from(layout.size()).expect("no layout is larger")
}

#[expect(unsafe_code, reason = "an allocator is unsafe by its nature; this one hands everything on")]
// SAFETY: every call is the system's own, with the arguments that came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(size(layout));
        // SAFETY: the caller's promises are the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-size(layout));
        // SAFETY: the caller's promises are the system's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most memory that was held at once for this, in bytes.
fn peak<T>(of: impl FnOnce() -> T) -> usize {
    let before = HELD.get();
    PEAK.set(before);
    let result = of();
    let peak = PEAK.get() - before;
    drop(result);
    usize::try_from(peak).unwrap_or_default()
}

fn list(ty: Type) -> Type {
    Type::List(Box::new(ty))
}

#[test]
fn a_claimed_length_is_not_allocated() {
    // Four billion elements, of which none is there.
    let claims: [(&[u8], Type); 9] = [
        (b"\xdd\xff\xff\xff\xff", list(Type::Bool)),
        (b"\xdd\xff\xff\xff\xff", Type::Set(Box::new(Type::String))),
        (b"\xdd\xff\xff\xff\xff", Type::Tuple(vec![Type::Bool])),
        (b"\xdf\xff\xff\xff\xff", Type::Map(Box::new(Type::Bool))),
        (b"\xdf\xff\xff\xff\xff", Type::object([("a", Type::Bool)])),
        (b"\xdb\xff\xff\xff\xff", Type::String),
        (b"\xc6\xff\xff\xff\xff", Type::String),
        (b"\xc9\xff\xff\xff\xff\x0c", Type::Number),
        (b"\x92\xc6\xff\xff\xff\xff", Type::Dynamic),
    ];
    for (bytes, ty) in claims {
        let used = peak(|| assert!(Value::from_msgpack(bytes, &ty).is_err()));
        assert!(used < 4096, "{used} bytes for {bytes:02x?}");
    }
    // Nor inside each other, or in refinements.
    let nested = b"\xdd\xff\xff\xff\xff".repeat(100);
    let deep = (0..100).fold(Type::Bool, |ty, _| list(ty));
    let used = peak(|| assert!(Value::from_msgpack(&nested, &deep).is_err()));
    assert!(used < 64 << 10, "{used}");
    let used = peak(|| Value::from_msgpack(b"\xc7\x06\x0c\x81\x02\xdb\xff\xff\xff", &Type::String));
    assert!(used < 4096, "{used}");
}

#[test]
fn memory_is_a_small_multiple_of_the_message() {
    const COUNT: usize = 100_000;
    let length = u32::try_from(COUNT).expect("it is small").to_be_bytes();
    let array = |element: &[u8]| [&b"\xdd"[..], &length, &element.repeat(COUNT)].concat();
    // The worst: an element is one byte. A vector that grows holds its old and its new half at once.
    let nulls = array(b"\xc0");
    let used = peak(|| assert!(Value::from_msgpack(&nulls, &list(Type::Bool)).is_ok()));
    let ratio = used / nulls.len();
    assert!(ratio <= 100, "{ratio} bytes for each byte of nulls");
    // As states are.
    let texts = array(b"\xb8ssh-ed25519 AAAAC3NzaC1l");
    let used = peak(|| assert!(Value::from_msgpack(&texts, &list(Type::String)).is_ok()));
    let ratio = used / texts.len();
    assert!(ratio <= 6, "{ratio} bytes for each byte of texts");
    // Objects share the names of their type, and maps the keys of the map before. What is held at the end counts, as the list grows.
    let object = b"\x82\xa6labels\x81\xa4team\xb8ssh-ed25519 AAAAC3NzaC1l\xa4name\xb8ssh-ed25519 AAAAC3NzaC1l";
    let ty = Type::object([("labels", Type::Map(Box::new(Type::String))), ("name", Type::String)]);
    let objects = array(object);
    let used = peak(|| assert!(Value::from_msgpack(&objects, &list(ty)).is_ok()));
    let ratio = used / objects.len();
    assert!(ratio <= 4, "{ratio} bytes for each byte of objects");
}

#[test]
fn a_number_of_many_digits_is_refused_before_it_is_allocated() {
    for text in ["1e999999999", "1e-999999999", "-1E+2147483647"] {
        let used = peak(|| assert!(Value::from_json(text, &Type::Number).is_err()));
        assert!(used < 4096, "{used} bytes for {text}");
    }
}
