//! Posting something of ours to an address of the operator's: through the same guard as everything else, and with
//! nothing of any site.

use bytes::Bytes;

use super::pace::Pace;
use super::{FetchError, Fetcher, Request, guard, head, trouble};
use crate::limits;
use crate::rule::{Allowed, Patience, Secret, Upstream};
use crate::webpage::{Page, Posted, Signs, Validators};
use crate::weburl::WebUrl;

/// What is posted, and where.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// Where to.
    pub to: &'a WebUrl,
    /// JSON.
    pub body: &'a Bytes,
    /// Headers of the operator's.
    pub headers: &'a [(String, Secret)],
    /// Private addresses that it may be at.
    pub allow_private: &'a [Allowed],
}

impl Fetcher {
    /// Posts JSON. Any 2xx is a success, a redirect is not: whoever gets this is named by the operator. Answers are not
    /// read. Ends within [`limits::ALARM_CALL`].
    pub async fn deliver(&self, delivery: Delivery<'_>) -> Result<(), FetchError> {
        let Delivery { to, body, headers, allow_private } = delivery;
        let patience = Patience { first_byte: limits::ALARM_CALL, total: limits::ALARM_CALL, ..Patience::default() };
        let (headers, allow_private) = (headers.to_vec(), allow_private.to_vec());
        let upstream = Upstream { headers, allow_private, patience, ..Upstream::default() };
        guard::judge_literal(to, &upstream.allow_private)?;
        let posted = Posted { content_type: "application/json", body: body.clone() };
        let headers = head::of_request(to, &Request::plain(to, to, &upstream), Some(&posted))?;
        let client = self.exchanges.clients.get(to, &upstream)?;
        let asked = client.post(to.as_url().clone()).headers(headers).body(posted.body).send();
        let response = Pace::start(patience).answer(asked).await?;
        let response = response.map_err(|error| trouble::of_request(&error, to, &upstream))?;
        match response.status() {
            status if status.is_success() => Ok(()),
            status => {
                // Answers are not read: of the page there is nothing but where it would have been.
                let page = Page {
                    url: trouble::bare(to),
                    content_type: None,
                    body: Bytes::new(),
                    validators: Validators::default(),
                    fresh_for: None,
                    signs: Signs { status: status.as_u16(), ..Signs::default() },
                };
                Err(FetchError::Status { code: status.as_u16(), retry_after: None, page: Box::new(page) })
            }
        }
    }
}
