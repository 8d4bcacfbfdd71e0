//! A place for states elsewhere: as much of S3 as Terraform's backends need, `s3` and `http`.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// As much of S3 as a state backend needs, and what it was asked.
#[derive(Clone, Default)]
pub struct S3 {
    objects: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl S3 {
    /// Serves until the process ends, and gives the URL.
    pub fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let s3 = self.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let s3 = s3.clone();
                std::thread::spawn(move || _ = s3.answer(stream));
            }
        });
        format!("http://{address}")
    }

    fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while reader.read_line(&mut head)? > 2 {}
        let lower = head.to_ascii_lowercase();
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body)?;
        let mut words = head.split_whitespace();
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let object = path.split('?').next().unwrap_or_default().to_owned();
        let mut objects = self.objects.lock().expect("no holder panics");
        let (status, answer) = match (method, objects.get(&object)) {
            ("PUT", _) => {
                objects.insert(object, body);
                ("200 OK", Vec::new())
            }
            ("GET" | "HEAD", Some(found)) => ("200 OK", found.clone()),
            ("GET", None) if path.contains("list-type=2") || path.contains("prefix=") => {
                ("200 OK", b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>".to_vec())
            }
            _ => ("404 Not Found", b"<Error><Code>NoSuchKey</Code></Error>".to_vec()),
        };
        self.asked.lock().expect("no holder panics").push(lower);
        let is_head = method == "HEAD";
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len());
        let mut stream = reader.into_inner();
        stream.write_all(head.as_bytes())?;
        if is_head { Ok(()) } else { stream.write_all(&answer) }
    }

    /// An object as text, by its path.
    pub fn object(&self, path: &str) -> Option<String> {
        let object = self.objects.lock().expect("no holder panics").get(path).cloned()?;
        Some(String::from_utf8(object).expect("it is text"))
    }

    /// The heads of all requests, in lower case.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no holder panics").clone()
    }
}
